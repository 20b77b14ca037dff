"""The contract of the clip engine over jobs of type `style_transfer`: upload, order, watch, fetch the result."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub.api.neighbours import says
from creative_hub.api.submitting import submit
from creative_hub.contracts.clips import TYPE, enveloped, represent, result, word_for
from creative_hub.library import filing
from creative_hub.models import Asset, Folder
from creative_hub.storage import scratch
from creative_hub.storage.probe import NotMedia, probe
from jobs import submission
from jobs.models import Job, Status
from wevion.accounts.authentication import caller
from wevion.accounts.models import Membership
from wevion.drf.strict import require_known
from wevion.refusal import Refusal

CONFIG: Final = ("look", "strength", "pace", "quality")
PAGE_SIZE, MAX_PAGE_SIZE = 10, 100
DAMAGED: Final = "This file is damaged, or not a clip. MP4, MOV and WebM are taken."


class NotCompleted(Refusal):
    status = 409
    code = "result_not_ready"


class UnsupportedFormat(Refusal):
    status = 415
    code = "unsupported_media_type"


class Unavailable(Refusal):
    status = 503
    code = "unavailable"


def answer(found: Mapping[str, Any], message: str, status: int = 200) -> Response:
    return Response(enveloped(found, message), status=status)


def own_job(request: Request, pk: uuid.UUID) -> Job:
    """The person's style transfer, or 404."""
    job = Job.objects.of(caller(request).user).filter(pk=pk, type=TYPE).first()
    if job is None:
        raise Http404
    return job


class Upload(APIView):
    """Stores a clip in the member's own folder; its bytes tell whether it is one."""

    described = says.UPLOAD
    parser_classes = [MultiPartParser]

    def post(self, request: Request) -> Response:
        member = caller(request)
        submission.require_may_generate(member)
        if unknown := sorted(set(request.data) - {"file"}):
            raise ValidationError({name: ["Not taken here; a webhook_url goes with the order."] for name in unknown})
        sent = request.FILES.get("file")
        if sent is None:
            raise ValidationError({"file": ["Send the clip as multipart/form-data, in the field `file`."]})
        asset = _stored(member, sent)
        found = {
            "video_id": str(asset.pk),
            "filename": asset.name,
            "size_bytes": asset.bytes,
            "duration_seconds": asset.duration_seconds,
            "width": asset.width,
            "height": asset.height,
        }
        return answer(found, "The clip is stored.", 201)


def _stored(member: Membership, sent: Any) -> Asset:
    with scratch.folder() as work:
        local = work / "file"
        with local.open("wb") as sink:
            for chunk in sent.chunks():
                sink.write(chunk)
        try:
            if probe(local).kind != "video":
                raise UnsupportedFormat("This is not a clip. MP4, MOV and WebM are taken.")
            root = Folder.objects.root_of(member.user, member.team)
            return filing.file_upload(member, root, local, sent.name or "clip", uuid.uuid4())
        except NotMedia as error:
            raise UnsupportedFormat(error.said or DAMAGED) from None
        except filing.Unfit:
            raise UnsupportedFormat(DAMAGED) from None
        except (filing.NotStored, OSError):
            raise Unavailable("The clip could not be stored just now. Try again in a moment.") from None


class Jobs(APIView):
    described = says.CLIPS

    def post(self, request: Request) -> Response:
        return answer(represent(submit(request, TYPE, _order, contract="clips")), "The job is queued.")

    def get(self, request: Request) -> Response:
        """The member's style transfers, newest first, by page."""
        require_known(request, ("page", "page_size"))
        page, size = _whole(request, "page", 1, 10**6), _whole(request, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
        mine = Job.objects.of(caller(request).user).filter(type=TYPE)
        rows = mine.newest_first().prefetch_related("items")[(page - 1) * size : page * size]
        jobs = [represent(job) for job in rows]
        return answer({"jobs": jobs, "total": mine.count(), "page": page, "page_size": size}, "The jobs.")


class Result(APIView):
    """The clip's signed address and its style; 409 until the job is completed."""

    described = says.CLIPS_RESULT

    def get(self, request: Request, pk: uuid.UUID) -> Response:
        job = own_job(request, pk)
        if job.status != Status.COMPLETED:
            raise NotCompleted(f"There is no result: the job is {word_for(job.status)}.", status=job.status)
        return answer(result(job), "The result.")


def _order(body: Any) -> dict[str, Any]:
    """The body as our order: what stands in `config` are fields beside the others there."""
    if not isinstance(body, dict):
        raise ValidationError({"non_field_errors": ["Send a JSON object."]})
    order = dict(body)
    config = order.pop("config", None)
    config = {} if config is None else config
    if not isinstance(config, dict) or set(config) - set(CONFIG):
        raise ValidationError({"config": [f"An object with any of {', '.join(CONFIG)}."]})
    if unknown := sorted(set(order) - {"video_id", "template_video_id", "webhook_url"}):
        raise ValidationError({name: ["Unknown field."] for name in unknown})
    return {name: value for name, value in order.items() if value is not None} | config


def _whole(request: Request, name: str, default: int, most: int) -> int:
    wanted = request.query_params.get(name) or str(default)
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 0
    if not 1 <= number <= most:
        raise ValidationError({name: [f"A whole number from 1 to {most}."]})
    return number
