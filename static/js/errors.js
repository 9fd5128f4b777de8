// A form that came back with errors: one is brought to their list, which leads to each field.
document.querySelector("[data-errors]")?.focus();
