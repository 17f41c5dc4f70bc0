// A button that prints the page; without script it stays hidden, and Ctrl+P does the same.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
