// Key figures: what does not change is built once, what changes is set as text.
const make = (parent, kind) => {
  const element = parent.appendChild(document.createElement("span"));
  element.className = kind;
  return element;
};

export function render({ model }) {
  const row = document.createElement("div");
  row.className = "row";
  const tiles = model.labels.map((label) => {
    const tile = row.appendChild(document.createElement("div"));
    tile.className = "tile";
    make(tile, "label").textContent = label;
    const figure = make(tile, "figure");
    const value = make(figure, "value");
    const unit = make(figure, "unit");
    return { figure, value, unit, note: make(tile, "note") };
  });
  const show = () => model.figures.forEach(([value, unit, note, tone], k) => {
    tiles[k].value.textContent = value;
    tiles[k].unit.textContent = unit;
    tiles[k].note.textContent = note;
    tiles[k].note.title = note;
    tiles[k].figure.className = `figure ${tone}`;
  });
  model.on("figures", show);
  show();
  return row;
}
