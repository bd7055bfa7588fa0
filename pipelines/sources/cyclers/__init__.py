"""One declarative table per cycler export."""
