// Title, explanation and, for the fleet grid, the scale of its colours.
export function render({ model }) {
  const box = document.createElement("div");
  const title = box.appendChild(document.createElement("h2"));
  const note = box.appendChild(document.createElement("p"));
  const show = () => {
    title.textContent = model.title;
    note.textContent = model.note;
  };
  if (model.legend) {
    const scale = box.appendChild(document.createElement("p"));
    scale.className = "scale";
    const entries = [
      [["", "below siblings"], ["ramp", ""], ["", "above"]],
      [["mark", "!"], ["", "outlier"]],
      [["empty", ""], ["", "not there yet"]],
    ];
    for (const entry of entries) {
      const together = scale.appendChild(document.createElement("span"));
      together.className = "entry";
      for (const [kind, text] of entry) {
        const part = together.appendChild(document.createElement("span"));
        part.className = kind;
        part.textContent = text;
      }
    }
  }
  model.on("title", show);
  model.on("note", show);
  show();
  return box;
}
