"""Some pictures read, in a process of its own: `python -I worker.py`, JPEGs on its input, their words on its output."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    # Started alone (`-I`), Python looks for nothing beside the file it runs: this is where ours are.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image, ImageDraw

from plumbing.files import limits
from plumbing.files.framing import pack, unpack
from plumbing.reading.lines import in_order, piece

# The models take most of a gigabyte; what is only reserved counts as well.
_MEMORY_BYTES = 4 * 1024**3
_CPU_SECONDS_A_PICTURE = 60
_OPEN_FILES = 64
_THREADS = 2
_SURE_ENOUGH = 0.5


def main() -> None:
    """Answer with the words of each picture on the input."""
    pictures = unpack(sys.stdin.buffer.read())
    limits.limit(_MEMORY_BYTES, _CPU_SECONDS_A_PICTURE * max(1, len(pictures)), _OPEN_FILES)
    read = _reader()
    limits.shut_in()
    for jpeg in pictures:
        sys.stdout.buffer.write(pack([read(Image.open(io.BytesIO(jpeg), formats=["JPEG"])).encode()]))
        sys.stdout.buffer.flush()


def _reader() -> Callable[[Image.Image], str]:
    import numpy
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(picture: Image.Image) -> str:
        # The engine wants blue before red.
        found = engine(numpy.ascontiguousarray(numpy.asarray(picture.convert("RGB"))[:, :, ::-1]))
        if not found.txts:
            return ""
        sure = [one for one in zip(found.txts, found.boxes, found.scores, strict=True) if one[2] >= _SURE_ENOUGH]
        return in_order(piece(words, corners) for words, corners, _score in sure)

    # It loads each model when it first needs it, which is too late once we are shut in: it reads something of ours first.
    sheet = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(sheet).text((40, 60), "Ready", fill="black", font_size=60)
    read(sheet)
    return read


if __name__ == "__main__":
    main()
