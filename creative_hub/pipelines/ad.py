"""An ad from a product's page, on this machine. The stages' names and shares are those of the contract.

Between them goes: `product` and `script`; then the files `picture` and `voice` with `sentences` and `card_seconds`; then `sound`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

from PIL import Image

from creative_hub import scripting
from creative_hub.pipelines.local_stages import delivered, kept, local, told
from creative_hub.products import NoProduct, Product, product_at
from creative_hub.providers.local import captions, media_inputs
from creative_hub.providers.local.ad import picture, shots, sound
from creative_hub.providers.local.ad.stills import Still, Wording, card
from creative_hub.providers.local.ad.stitch import stitch
from creative_hub.providers.local.avatar import FRAMINGS
from creative_hub.providers.local.drawing import Size
from creative_hub.providers.local.looks import AVATARS, Look
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.local.speech import Sentence, Speech, speak
from creative_hub.providers.ports import ProviderError
from creative_hub.storage import scratch
from creative_hub.storage.door import door
from jobs.models import Lane
from jobs.pipeline import Done, Outcome, Stage, Step, StepFailed
from wevion.http.errors import HttpError

MAX_PHOTOS: Final = 4
MAX_PHOTO_BYTES: Final = 20_000_000
LEAST_PIXELS: Final = 120
FASTEST: Final = 1.25


def preparing(step: Step) -> Outcome:
    """Reads the page and writes the script."""
    project = step.settings["projects"][step.position]
    try:
        product = product_at(project["url"], partial(step.report, 10))
    except NoProduct as error:
        return StepFailed("invalid_request", str(error))
    step.report(60)
    wish = scripting.Wish(
        seconds=int(step.settings["ad_duration"]),
        style=step.settings["script_style"],
        instructions=step.settings.get("user_instructions", ""),
        override=step.settings.get("override_script", ""),
        audience=step.settings.get("target_audience", ""),
        variant=project["variant"],
    )
    script = scripting.writer()(product, wish)
    refuse_unsafe(script.text)
    return Done(memo={"product": product.as_memo(), "script": script.as_memo()})


def generating(step: Step) -> Outcome:
    """The voice, the presenter who says it, and the product's pictures: a silent clip and its speech."""
    product, script = Product.from_memo(step.memo["product"]), scripting.Script.from_memo(step.memo["script"])
    seconds = float(step.settings["ad_duration"])
    with scratch.folder() as folder:
        photos = photos_of(product, folder, partial(step.report, 2))
        wav = folder / "voice.wav"
        speech = _spoken(step, script.text, wav, seconds)
        look, framing = AVATARS[step.settings["avatar_id"]], FRAMINGS[step.settings["aspect_ratio"]]
        cut = picture.Cut(
            framing.size,
            picture.Drawn(speech, picture.levels_of(wav, seconds), look, framing),
            stills(photos, framing.size, look),
            stills_card(product, script, photos, framing.size, look),
            mark=captions.mark("Local preview", min(framing.size) * 0.024),
        )
        plan = shots.plan(speech.sentences, seconds, len(photos))
        return rendered(step, cut, plan, speech.sentences, wav)


def rendered(step: Step, cut: picture.Cut, plan: Sequence[shots.Shot], said: Sequence[Sentence], wav: Path) -> Done:
    """The silent clip, and what the stages after it want to know."""
    clip = wav.with_name("picture.mp4")
    seconds = float(step.settings["ad_duration"])
    picture.render(cut, plan, seconds, clip, lambda percent: step.report(10 + percent * 88 // 99))
    return Done(
        memo={
            "picture": kept(step, "picture.mp4", clip),
            "voice": kept(step, "voice.wav", wav),
            "sentences": [list(asdict(sentence).values()) for sentence in said],
            "card_seconds": plan[-1].start_seconds,
            "scenes": len(plan),
        }
    )


def stills(photos: Sequence[Image.Image], size: Size, look: Look) -> list[Still]:
    """Every second one comes closer, the others move away."""
    return [Still(photo, size, look, inwards=number % 2 == 0) for number, photo in enumerate(photos)]


def stills_card(product: Product, script: scripting.Script, photos: Sequence[Image.Image], size: Size, look: Look) -> Image.Image:
    return card(photos, Wording(product.title, product.price, script.call_to_action), look, size)


def post_processing(step: Step) -> Outcome:
    """The voice over its bed, levelled."""
    with scratch.folder() as folder:
        out = folder / "sound.m4a"
        sound.mix(local(step.memo["voice"], folder), float(step.settings["ad_duration"]), out, step.report)
        return Done(memo={"sound": kept(step, "sound.m4a", out)})


def stitching(step: Step) -> Outcome:
    product, script = step.memo["product"], step.memo["script"]
    with scratch.folder() as folder:
        out = folder / "out.mp4"
        stitch(
            local(step.memo["picture"], folder),
            local(step.memo["sound"], folder),
            [Sentence(*each) for each in step.memo["sentences"]],
            FRAMINGS[step.settings["aspect_ratio"]].size,
            step.memo["card_seconds"],
            out,
            step.report,
        )
        told_of = {"title": product["title"], "description": product["description"], "script": script["lines"]}
        return delivered(step, out, {**told_of, "url": product["url"], "scenes": step.memo["scenes"]})


AD = (
    Stage("preparing", Lane.IO, (0, 20), told(preparing), lease_seconds=40),
    Stage("generating", Lane.MEDIA, (20, 70), told(generating), lease_seconds=20),
    Stage("post_processing", Lane.MEDIA, (70, 85), told(post_processing), lease_seconds=20),
    Stage("stitching", Lane.MEDIA, (85, 99), told(stitching), lease_seconds=40),
)


def _spoken(step: Step, text: str, wav: Path, seconds: float) -> Speech:
    """The speech, a little faster if it would not fit. What is longer even so is the person's own script."""
    say = partial(
        speak,
        text,
        wav,
        voice_id=step.settings["voice_id"],
        language=step.settings["language"],
        report=lambda percent: step.report(5),
    )
    speech = say()
    if speech.duration_seconds > seconds:
        speech = say(speed=min(FASTEST, speech.duration_seconds / seconds + 0.02))
    if speech.duration_seconds > seconds + 1:
        message = f"The script takes {speech.duration_seconds:.0f} seconds to say, and the ad has {seconds:.0f}. Shorten it."
        raise ProviderError("invalid_request", message)
    return speech


def photos_of(product: Product, folder: Path, tick: Any) -> Sequence[Image.Image]:
    """The page's pictures that can be had. A shop with none still gets its ad, with the presenter alone."""
    found: list[Image.Image] = []
    for number, url in enumerate(product.images):
        path = folder / f"photo-{number}"
        try:
            with path.open("wb") as sink:
                door().download(url, sink, max_bytes=MAX_PHOTO_BYTES, timeout_seconds=30, tick=tick)
            photo = media_inputs.photo(path, "product picture")
        except (HttpError, ProviderError):
            continue
        if min(photo.size) >= LEAST_PIXELS:
            found.append(photo)
        if len(found) == MAX_PHOTOS:
            break
    return found
