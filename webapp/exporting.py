"""The answer that sends everything that is kept about a reader, to themselves or to their guardian."""

from __future__ import annotations

import json

from flask import Response, request

from reader.records import format_time
from webapp.archive import write_archive
from webapp.export import export_records, gather_export
from webapp.services import now, services


def send_export(user: str, name: str) -> Response:
    """Send it as a file: with ?format=json one object, else a zip of files in the public formats. name: of the file."""
    recommender = services().recommender
    if request.args.get("format") != "json":
        headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
        return Response(write_archive(recommender, user), headers=headers, content_type="application/zip")
    whole = {"user": user, "exported_at": format_time(now()), **gather_export(export_records(recommender, user))}
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Response(json.dumps(whole, ensure_ascii=False, indent=1), headers=headers, content_type="application/json")
