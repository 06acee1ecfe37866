"""The least that Flask can do: what the path of a participant is measured against."""

from flask import Flask

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
@app.route("/<path:anything>", methods=["GET", "POST"])
def nothing(anything: str = "") -> str:
    """An empty answer."""
    return ""
