"""The Campaign Creator: drafts of ads, made of files of the library.

All that is typed and chosen travels with the form, so that choosing, ordering and browsing need no JavaScript: their
buttons post the form to `campaign_step`, which saves nothing and shows it again.
"""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from creative_hub import campaigns
from creative_hub.campaigns import DraftForm
from creative_hub.library import browsing
from creative_hub.models import Asset, CampaignDraft, Folder
from creative_hub.views.choosing import changer
from creative_hub.views.creative_block import Press, files
from wevion.accounts.login import membership_of
from wevion.accounts.models import Membership

SHOWN: Final = 60
FIELDS: Final = ("name", "platform", "primary_text", "headline", "description", "call_to_action", "link")


@never_cache
@login_required
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    member = membership_of(request)
    drafts = CampaignDraft.objects.of(member.user).prefetch_related("creatives__asset")[: SHOWN + 1]
    rows = [
        (draft, assets, campaigns.creative(assets), campaigns.lacking(draft, assets)) for draft, assets in _with_assets(drafts)
    ]
    context = {"section": "campaigns", "rows": rows[:SHOWN], "many": len(rows) > SHOWN, "may_change": member.may_generate}
    return render(request, "campaigns/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """A new draft, with the `asset`s (or `file`s) of the address in its creative block."""
    member = changer(request)
    return _edit(request, member, CampaignDraft(team=member.team, owner=member.user))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    member = changer(request)
    return _edit(request, member, get_object_or_404(CampaignDraft.objects.of(member.user), pk=draft_id))


@login_required
@require_POST
def campaign_delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = get_object_or_404(CampaignDraft.objects.of(changer(request).user), pk=draft_id)
    draft.delete()
    messages.success(request, f"The draft “{draft.name}” is deleted. Its files stay in the Creative Hub.")
    return redirect("campaigns")


@never_cache
@login_required
@require_POST
def campaign_step(request: HttpRequest) -> HttpResponse:
    """Adds, removes or moves a file, or opens another folder to choose from. Saves nothing."""
    member = changer(request)
    draft = _named(member, request.POST.get("draft", ""))
    chosen, lost = _assets(member, draft, request.POST.getlist("asset"))
    cards = [asset.pk for asset in chosen]
    act = next((name for name in ("remove", "earlier", "add") if request.POST.get(name)), "")
    press = Press(act, cards, _asset(member, draft, request.POST[act])) if act else None
    if press and act != "add" and press.asset.pk not in cards:
        raise Http404
    assets = _in_order(member, draft, press.changed() if press else cards)
    return _show(request, member, draft, DraftForm(request.POST), assets, request.POST, quiet=True, press=press, lost=lost)


def _edit(request: HttpRequest, member: Membership, draft: CampaignDraft) -> HttpResponse:
    if request.method != "POST":
        form = DraftForm(initial={name: getattr(draft, name) for name in FIELDS})
        asked = request.GET.getlist("asset") + request.GET.getlist("file")
        saved = [] if draft._state.adding else [use.asset for use in draft.creatives.select_related("asset")]
        assets, gone = _assets(member, draft, asked)
        if gone and not saved:
            raise Http404
        return _show(request, member, draft, form, saved or assets, QueryDict(), asked=bool(asked and not saved))
    form = DraftForm(request.POST)
    assets, lost = _assets(member, draft, request.POST.getlist("asset"))
    if lost or not form.is_valid() or campaigns.creative(assets).problem:
        return _show(request, member, draft, form, assets, request.POST, status=422, lost=lost)
    campaigns.save(draft, form.cleaned_data, assets)
    messages.success(request, f"The draft “{draft.name}” is saved.")
    return redirect("campaign", draft.pk)


def _show(
    request: HttpRequest,
    member: Membership,
    draft: CampaignDraft,
    form: DraftForm,
    assets: list[Asset],
    sent: QueryDict,
    *,
    status: int = 200,
    quiet: bool = False,
    press: Press | None = None,
    asked: bool = False,
    lost: bool = False,
) -> HttpResponse:
    """`quiet`: without a word on what is missing, because nothing was meant to be saved. `asked`: the address names the files.

    `lost`: of those that were sent, some are in the library no more.
    """
    typed = CampaignDraft(**{name: form[name].value() or "" for name in FIELDS})
    context = {
        "section": "campaigns",
        "draft": None if draft._state.adding else draft,
        "form": form,
        "quiet": quiet,
        "asked": asked,
        "lost": lost,
        "files": [asset for asset in assets if asset.deleted_at is None and asset.taken_down_at is None],
        "restored": bool(sent.get("restored")),
        "typed": typed,
        "creative": campaigns.creative(assets),
        "lacking": campaigns.lacking(typed, assets),
        "host": typed.link.split("//")[-1].split("/")[0][:60],
        "action": reverse("campaign-new") if draft._state.adding else reverse("campaign", args=[draft.pk]),
    } | _picker(member, assets, sent)
    if quiet:
        context |= _told(press, assets, context, sent)
    template = "campaigns/_form.html" if request.headers.get("HX-Request") else "campaigns/edit.html"
    return render(request, template, context, status=status)


def _picker(member: Membership, assets: list[Asset], sent: QueryDict) -> dict[str, Any]:
    """The files to choose from: of one folder, or of all whose name fits."""
    folders = Folder.objects.of(member.user)
    root = Folder.objects.root_of(member.user, member.team)
    wanted = _uuid(sent.get("browse") or sent.get("here"))
    here = (folders.filter(pk=wanted).first() if wanted else None) or root
    asked = " ".join(sent.get("find", "").replace("\x00", "").split())[:100]
    fitting = (
        Asset.objects.of(member.user)
        .filter(kind__in=("image", "video"), taken_down_at=None)
        .exclude(pk__in=[asset.pk for asset in assets])
    )
    fitting = fitting.filter(name__icontains=asked) if asked else fitting.filter(folder=here)
    found = browsing.page(fitting, "newest", size=SHOWN)
    return {
        "here": here,
        "path": here.path(),
        "inside": [] if asked else folders.filter(parent=here),
        "find": asked,
        "choices": found.assets,
        "many": bool(found.after),
        "picking": any(sent.get(name) for name in ("browse", "find", "add")) or not assets,
    }


def _told(press: Press | None, assets: list[Asset], picker: dict[str, Any], sent: QueryDict) -> dict[str, Any]:
    """What the step did, in words, and the button on which the focus is after it."""
    if press:
        act, at = press.focus(assets, picker["choices"])
        return {"said": press.said(assets), "act": act, "at": at}
    here, count = picker["here"], f"{'more than ' if picker['many'] else ''}{files(len(picker['choices']))}"
    if picker["find"]:
        return {"said": f"Found: {count}."}
    told = {"said": f"{here.name if here.parent_id else 'Creative Hub'}: {count}."}
    return told | {"act": "browse", "at": here.pk} if sent.get("browse") else told


def _assets(member: Membership, draft: CampaignDraft, ids: list[str]) -> tuple[list[Asset], bool]:
    """The person's files with these ids, in this order: living ones, and those that the draft had before they were deleted.

    And whether one of the ids is none of these.
    """
    ids = ids[:50]
    found = _in_order(member, draft, [pk for text in ids if (pk := _uuid(text))])
    return found, len(found) < len(set(ids))


def _in_order(member: Membership, draft: CampaignDraft, ids: list[UUID]) -> list[Asset]:
    found = {asset.pk: asset for asset in _allowed(member, draft).filter(pk__in=ids)}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _asset(member: Membership, draft: CampaignDraft, text: str) -> Asset:
    return get_object_or_404(_allowed(member, draft), pk=_uuid(text))


def _allowed(member: Membership, draft: CampaignDraft) -> QuerySet[Asset]:
    had = Asset.objects.filter(owner=member.user, uses__draft=draft.pk)
    return Asset.objects.filter(pk__in=had) | Asset.objects.of(member.user)


def _named(member: Membership, text: str) -> CampaignDraft:
    if not text:
        return CampaignDraft(team=member.team, owner=member.user)
    return get_object_or_404(CampaignDraft.objects.of(member.user), pk=_uuid(text))


def _with_assets(drafts: Any) -> list[tuple[CampaignDraft, list[Asset]]]:
    return [(draft, [use.asset for use in draft.creatives.all()]) for draft in drafts]


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
