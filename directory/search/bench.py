def run(sizes, echo): pass
