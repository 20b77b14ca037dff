"""An ad whose presenter, or whose product's clip and voice, vendors make; it is cut on this machine like any other.

Every order is a stage of its own with a key of its own, one after another. Between the stages goes, beside what `ad` says:
`photos`, the stored pictures of the page; `clip` and `voice_over`, what the vendors made; `spoken_seconds`, how long it is said.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from creative_hub import ads, catalog, scripting
from creative_hub.catalog.prices import SPEECH_CHARS_PER_SECOND, script_chars
from creative_hub.pipelines.ad import FASTEST, photos_of, post_processing, preparing, rendered, stills, stills_card, stitching
from creative_hub.pipelines.local_stages import kept, local, told
from creative_hub.pipelines.vending import LOOK, bring, order, place
from creative_hub.products import Product
from creative_hub.providers.local import media_inputs
from creative_hub.providers.local.ad import picture, shots, sound, timing
from creative_hub.providers.local.ad.footage import Clip, Filmed, Footage
from creative_hub.providers.local.ad.stills import ground
from creative_hub.providers.local.avatar import FRAMINGS
from creative_hub.providers.local.ffmpeg import FFmpegError
from creative_hub.providers.local.looks import AVATARS, DEFAULT_AVATAR
from creative_hub.providers.local.speech import Sentence, Speech
from creative_hub.providers.ports import Brief, ProviderError, Ready
from creative_hub.storage import scratch, store
from creative_hub.storage.patience import patiently
from creative_hub.storage.probe import NotMedia, Probed, probe
from jobs import callbacks
from jobs.models import Lane
from jobs.pipeline import Done, Look, Outcome, Stage, Step, StepFailed

PRESENTER: Final = "heygen"
VOICE: Final = "openai_tts"
CLIP: Final = "runway_gen4"
"""The catalog's rows of the models that make the parts."""


def scripted(step: Step) -> Outcome:
    """As on this machine; but a script that is too long for the ad is refused here, before anything is ordered."""
    outcome = preparing(step)
    if isinstance(outcome, Done):
        said = len(scripting.Script.from_memo(outcome.memo["script"]).text)
        if said > script_chars(step.settings):
            return _too_long(said / SPEECH_CHARS_PER_SECOND, step)
    return outcome


def picturing(step: Step) -> Outcome:
    """The page's pictures are kept, for the vendor to start from and for the cut."""
    product = Product.from_memo(step.memo["product"])
    with scratch.folder() as folder:
        names = []
        for number, photo in enumerate(photos_of(product, folder, partial(step.report, 50))):
            path = folder / f"kept-{number}.png"
            photo.save(path, compress_level=1)
            names.append(kept(step, path.name, path))
    return Done(memo={"photos": names})


def voicing(step: Step) -> Outcome:
    """Orders the voice, whose answer is the sound itself."""
    model, script = catalog.model(VOICE), scripting.Script.from_memo(step.memo["script"])
    found = place(model, Brief(model.type, script.text, ads.voice(step.settings)), step.key, partial(step.report, 0))
    assert isinstance(found, Ready)
    with scratch.folder() as folder:
        out = folder / f"voice-over{model.suffix}"
        out.write_bytes(found.content)
        try:
            spoken = _probed(step, out, "audio")
            return Done(memo={"voice_over": kept(step, out.name, out), "spoken_seconds": spoken.duration_seconds})
        except OSError as error:  # the bytes exist nowhere else, and asking for them again would be a second bill
            return replace(store.failed("storing", error), retryable=False)


def ordering(slug: str, brief: Callable[[Step], Brief]) -> Callable[[Step], Outcome]:
    """The stage that orders a part of a vendor that is looked in on."""

    def stage(step: Step) -> Outcome:
        return order(step, catalog.model(slug), brief(step))

    return of(slug, stage)


def of(slug: str, run: Callable[[Step], Outcome]) -> Callable[[Step], Outcome]:
    """What goes wrong in the stage is told as this vendor's."""

    def stage(step: Step) -> Outcome:
        try:
            return told(run)(step)
        except FFmpegError as error:
            return StepFailed("provider_error", "The provider's file cannot be used.", detail=str(error), retryable=True)

    return lambda step: stage(replace(step, provider=slug))


def looking(slug: str) -> Look:
    """How the poller looks in on a part."""
    return Look(
        request=lambda step: LOOK.request(replace(step, provider=slug)),
        read=lambda step, response: LOOK.read(replace(step, provider=slug), response),
        failed=lambda step, error: LOOK.failed(replace(step, provider=slug), error),
    )


def downloading(step: Step) -> Outcome:
    with scratch.folder() as folder:
        model = catalog.model(step.provider)
        out = folder / f"clip{model.suffix}"
        if lost := bring(step, model, out):
            return lost
        found = _probed(step, out, "video")
        length = {"spoken_seconds": found.duration_seconds} if model.type == "avatar" else {}
        return Done(memo={"clip": kept(step, out.name, out), **length})


def presented(step: Step) -> Outcome:
    """The vendor's presenter in full and in a window over the page's pictures."""
    product = Product.from_memo(step.memo["product"])
    framing, seconds, look = FRAMINGS[step.settings["aspect_ratio"]], float(step.settings["ad_duration"]), AVATARS[DEFAULT_AVATAR]
    with scratch.folder() as folder:
        photos = photos_of(product, folder, partial(step.report, 2))
        clip, wav = local(step.memo["clip"], folder), folder / "voice.wav"
        said, speed = _voice(step, clip, wav)
        with closing(Footage(clip, framing.size, picture.FPS, speed=speed)) as footage:
            cut = picture.Cut(
                framing.size,
                Filmed(footage, picture.bubble_side(framing.size)),
                stills(photos, framing.size, look),
                stills_card(product, _script(step), photos, framing.size, look),
            )
            return rendered(step, cut, shots.plan(said, seconds, len(photos)), said, wav)


def shown(step: Step) -> Outcome:
    """The product's clip and pictures, with a drawn presenter if one is wanted."""
    product, seconds = Product.from_memo(step.memo["product"]), float(step.settings["ad_duration"])
    framing, wanted = FRAMINGS[step.settings["aspect_ratio"]], AVATARS.get(step.settings["avatar_id"])
    look = wanted or AVATARS[DEFAULT_AVATAR]
    with scratch.folder() as folder:
        photos = [media_inputs.photo(local(name, folder), "product picture") for name in step.memo["photos"]]
        wav = folder / "voice.wav"
        said, _ = _voice(step, local(step.memo["voice_over"], folder), wav)
        speech = Speech(seconds, tuple(said), ((0.0, "a"),))
        presenter = picture.Drawn(speech, picture.levels_of(wav, seconds), look, framing) if wanted else None
        with closing(Footage(local(step.memo["clip"], folder), framing.size, picture.FPS, endless=True)) as footage:
            views: list[picture.View] = [Clip(footage), *stills(photos, framing.size, look)]
            card = stills_card(product, _script(step), photos, framing.size, look)
            plan = shots.plan(said, seconds, len(views), presented=wanted is not None)
            return rendered(step, picture.Cut(framing.size, presenter, views, card), plan, said, wav)


def _presenter(step: Step) -> Brief:
    return Brief("avatar", _script(step).text, ads.presenter(step.settings), callback_url=callbacks.address(step.item_id))


def _clip(step: Step) -> Brief:
    """From the product's first picture, laid into a frame of the ad's shape, so that nothing of it is cut off."""
    start = ""
    with scratch.folder() as folder:
        if step.memo["photos"]:
            photo = media_inputs.photo(local(step.memo["photos"][0], folder), "product picture")
            start = picture.as_address(ground(photo, FRAMINGS[step.settings["aspect_ratio"]].size, AVATARS[DEFAULT_AVATAR]))
    return Brief("video", ads.clip_prompt(step.memo["product"]["title"]), ads.clip(step.settings, start))


def _script(step: Step) -> scripting.Script:
    return scripting.Script.from_memo(step.memo["script"])


def _voice(step: Step, recording: Path, wav: Path) -> tuple[list[Sentence], float]:
    """When each line is said, and how much faster than recorded: what is a little too long is spoken faster."""
    seconds, spoken = float(step.settings["ad_duration"]), float(step.memo["spoken_seconds"])
    speed = min(FASTEST, spoken / seconds + 0.02) if spoken > seconds else 1.0
    if spoken / speed > seconds + 1:
        raise ProviderError("invalid_request", _too_long(spoken, step).message)
    sound.voice_of(recording, speed, wav)
    return timing.spoken(_script(step).lines, picture.levels_of(wav, seconds), picture.FPS), speed


def _too_long(spoken_seconds: float, step: Step) -> StepFailed:
    said = f"The script takes about {spoken_seconds:.0f} seconds to say, and the ad has {step.settings['ad_duration']}."
    return StepFailed("invalid_request", f"{said} Shorten it, or choose a longer ad.")


def _probed(step: Step, out: Path, kind: str) -> Probed:
    """Raises ProviderError for a file that is not of the kind, or does not tell how long it is."""
    try:
        found = patiently(partial(probe, out), partial(step.report, 99))
    except NotMedia as error:
        raise ProviderError("provider_error", "The provider's file cannot be opened.", detail=str(error)) from None
    if found.kind != kind or not found.duration_seconds:
        raise ProviderError("provider_error", f"The provider sent {found.kind} instead of {kind}.")
    return found


_CUT: Final = (
    Stage("post_processing", Lane.MEDIA, (70, 85), told(post_processing), lease_seconds=20),
    Stage("stitching", Lane.MEDIA, (85, 99), told(stitching), lease_seconds=40),
)
# HeyGen takes an idempotency key: an unanswered order is sent again under the same key. The others are asked once.
WITH_PRESENTER: Final = (
    Stage("preparing", Lane.IO, (0, 20), told(scripted), lease_seconds=40),
    Stage("ordering", Lane.IO, (20, 22), ordering(PRESENTER, _presenter), lease_seconds=40, paid=True, repeatable=True),
    Stage("filming", Lane.POLL, (22, 50), look=looking(PRESENTER)),
    Stage("downloading", Lane.MEDIA, (50, 54), of(PRESENTER, downloading), lease_seconds=20),
    Stage("generating", Lane.MEDIA, (54, 70), of(PRESENTER, presented), lease_seconds=20),
    *_CUT,
)
WITH_CLIP: Final = (
    Stage("preparing", Lane.IO, (0, 20), told(scripted), lease_seconds=40),
    Stage("picturing", Lane.MEDIA, (20, 24), told(picturing), lease_seconds=20),
    Stage("voicing", Lane.IO, (24, 30), of(VOICE, voicing), lease_seconds=20, paid=True),
    Stage("ordering", Lane.IO, (30, 32), ordering(CLIP, _clip), lease_seconds=40, paid=True),
    Stage("filming", Lane.POLL, (32, 50), look=looking(CLIP)),
    Stage("downloading", Lane.MEDIA, (50, 54), of(CLIP, downloading), lease_seconds=20),
    Stage("generating", Lane.MEDIA, (54, 70), of(CLIP, shown), lease_seconds=20),
    *_CUT,
)
