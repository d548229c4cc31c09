"""The result of a replay as one HTML file to read: `write_report`."""

from reader.replay.report.report import render_report, write_report

__all__ = ["render_report", "write_report"]
