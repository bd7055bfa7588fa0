// One line of text; the tone is a class, never the only carrier of meaning.
export function render({ model }) {
  const line = document.createElement("div");
  const show = () => {
    line.textContent = model.text;
    line.className = `line ${model.tone}${model.dot ? " dot" : ""}`;
  };
  if (model.live) {
    line.setAttribute("aria-live", "polite");
    line.setAttribute("role", "status");
  }
  model.on("text", show);
  model.on("tone", show);
  show();
  return line;
}
