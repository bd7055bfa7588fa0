"""The live page: what the batteries under test do now, compared with their siblings.

One `Feed` per process asks the store what changed and keeps group statistics; each viewer has a `ViewState` (the
URL), views that own one Bokeh source each, and a `Session` that brings the feed's changes to them. Reads
`schemas` and the reading side of `pipelines.storage`; never Beam, never the analytics.

Start it with `dashboard.app.serve`.
"""
