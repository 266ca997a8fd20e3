/* In a sheet: Enter and the arrows go from cell to cell, Ctrl+S saves, a block copied from Excel is pasted cell by
   cell. Without this the sheet is a plain form. */
(() => {
  "use strict";
  const box = (node) => node?.querySelector("[data-cell]");
  const below = (input, step) => {
    const cell = input.closest("td");
    let row = cell?.closest("tr");
    while ((row = step > 0 ? row?.nextElementSibling : row?.previousElementSibling)) {
      const found = box(row.cells[cell.cellIndex]);
      if (found?.offsetParent) return found;
    }
    const all = [...document.querySelectorAll("[data-sheet] [data-cell]")].filter((one) => one.offsetParent);
    const table = input.closest("table");
    return all.filter((one) => one.closest("table") !== table && step * all.indexOf(one) > step * all.indexOf(input)).at(step > 0 ? 0 : -1);
  };
  const beside = (input, step) => {
    let cell = input.closest("td");
    while ((cell = step > 0 ? cell?.nextElementSibling : cell?.previousElementSibling)) {
      if (box(cell)?.offsetParent) return box(cell);
    }
    return null;
  };
  const go = (input, event) => {
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  };
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-sheet]");
    if (!form) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=stay]"));
      return;
    }
    const input = event.target;
    if (!input.matches("[data-cell]") || event.ctrlKey || event.altKey || event.metaKey) return;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (event.key === "Enter") { event.preventDefault(); go(below(input, event.shiftKey ? -1 : 1), event); }
    else if (event.key === "ArrowDown") go(below(input, 1), event);
    else if (event.key === "ArrowUp") go(below(input, -1), event);
    else if (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length)) go(beside(input, 1), event);
    else if (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0)) go(beside(input, -1), event);
  });
  document.addEventListener("paste", (event) => {
    const start = event.target;
    if (!start.matches?.("[data-sheet] [data-cell]")) return;
    const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if (lines.length < 2 && lines[0].length < 2) return;
    event.preventDefault();
    let first = start;
    for (const line of lines) {
      let input = first;
      for (const word of line) {
        if (!input) break;
        input.value = word.trim();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input = beside(input, 1);
      }
      const next = first && below(first, 1);
      if (!next || next.closest("table") !== start.closest("table")) break;
      first = next;
    }
  });
})();
