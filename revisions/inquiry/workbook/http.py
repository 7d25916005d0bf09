"""Files to be downloaded, under Japanese names."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def file_name(*words: str) -> str:
    """Return words joined to a name that every system takes, without its ending."""
    return "_".join(_NOT_IN_NAMES.sub("", word).strip(" .") for word in words)[:100]


def attachment(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "",
        "X-Content-Type-Options": "nosniff",
    }


def xlsx(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=XLSX, headers=attachment(f"{name}.xlsx"))
