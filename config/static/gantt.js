"use strict";
/* In the 工程図 arrows step from stage to stage. Tab does too, and all else works without this file. */

const chart = document.querySelector(".gantt-chart");
const rows = [...chart.querySelectorAll("a")];
const STEPS = {
  ArrowDown: (here) => here + 1,
  ArrowUp: (here) => here - 1,
  Home: () => 0,
  End: () => rows.length - 1,
};

chart.addEventListener("keydown", (event) => {
  const row = rows[STEPS[event.key]?.(rows.indexOf(document.activeElement))];
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault(); // past the first and the last row the page scrolls as ever
  row.focus();
});
