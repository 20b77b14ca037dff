"""Examples to start from, one click each. Edit them here: a name for the button, and the fields that it fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    fields: Mapping[str, str]


def prompt(name: str, text: str) -> Example:
    return Example(name, {"prompt": text})


def script(name: str, text: str) -> Example:
    return Example(name, {"script": text})


def text(name: str, words: str) -> Example:
    return Example(name, {"text": words})


def words(name: str, headline: str, call: str) -> Example:
    return Example(name, {"headline_text": headline, "cta_text": call})


def story(name: str, about: str, characters: str, scenes: str, style: str) -> Example:
    return Example(name, {"prompt": about, "characters": characters, "scenes": scenes, "style": style})


EXAMPLES: Final[Mapping[str, tuple[Example, ...]]] = {
    "image": (
        prompt("Product", "A matte black water bottle on wet slate, morning light from the left, water drops, shallow focus"),
        prompt("Place", "A red bicycle leaning on a harbour wall by the sea at sunset, calm water, a lighthouse far away"),
        prompt("Food", "A stack of pancakes with blueberries on a wooden table, steam rising, window light, seen from above"),
        prompt("Poster", "A bold poster that says “Fresh every morning” above a basket of oranges, flat colours, much space"),
    ),
    "video": (
        prompt("Coast", "Waves roll onto a long beach at sunrise, the camera glides slowly forward, gulls pass by"),
        prompt("Product", "A perfume bottle turns slowly on a mirror, soft studio light wanders over the glass, dark background"),
        prompt("City", "A city street in the rain at night, neon signs mirrored in puddles, the camera rises slowly"),
        prompt("Mountains", "Clouds drift between snowy mountains in the last light, a slow pan to the right"),
    ),
    "avatar": (
        script("Welcome", "Hi, I am so glad you are here. Give me thirty seconds, and I will show you how it works."),
        script(
            "Review",
            "I did not expect much, honestly. Two weeks later I use it every morning, and my skin has never felt better.",
        ),
        script("Offer", "Until Sunday, every order ships free. Pick your favourite, and it is at your door by Wednesday."),
    ),
    "tts": (
        text(
            "Radio spot",
            "Fresh bread, every morning at six. Miller’s Bakery: you smell it before you see it.",
        ),
        text("App tour", "Tap the plus to add a list. Swipe right when something is done. That is all there is to learn."),
        text("Story", "Long before the lighthouse, the fishermen steered by a single oak on the hill. It still stands today."),
    ),
    "composite": (
        words("Sale", "Summer sale: 30 % off everything", "Shop now"),
        words("Launch", "Meet the bottle that keeps its cool for 24 hours", "See how"),
        words("Event", "One night, ten chefs, one long table", "Save a seat"),
    ),
    "story": (
        story(
            "Lost kite",
            "A girl loses her kite to the wind, and finds a friend while she looks for it.",
            "Mia: a girl of eight with red curls and a yellow raincoat\nTom: a tall boy with round glasses and a green scarf",
            "Mia flies a red kite on a windy beach\nThe kite is caught high in an old tree, and Mia looks up\n"
            "Tom climbs the tree while Mia holds the rope\nMia and Tom fly the kite together at sunset",
            "watercolour",
        ),
        story(
            "First coffee",
            "How a cup of coffee turns a grey morning around.",
            "Lea: a woman of thirty with a black bob and a grey coat",
            "Lea waits for a bus in the rain\nShe walks into a small, warm café\nShe smiles over a cup of coffee at the window",
            "soft film photography",
        ),
    ),
}


def chosen(job_type: str, number: str) -> Mapping[str, str]:
    """The fields of the type's example with this number; none for anything else."""
    offered = EXAMPLES.get(job_type, ())
    return next((example.fields for at, example in enumerate(offered) if str(at) == number), {})
