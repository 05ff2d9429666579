// What is wrong with a form is read out first: the list of errors takes the focus.
document.querySelector(".errors")?.focus();
