"""A project of somebody's own, which has the constructs from the wheel."""

from web_stack import WebStack  # isort: skip - before cdktf: it makes Node start fast
from cdktf import App

app = App()
WebStack(app, "web-prod")
app.synth()
