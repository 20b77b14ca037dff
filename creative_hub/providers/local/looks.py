"""The presenters one can choose from."""

from dataclasses import dataclass

from creative_hub.providers.local.drawing import Colour


@dataclass(frozen=True, slots=True)
class Look:
    """How a presenter looks and, unless another is asked for, sounds. `hair` and `outfit` name a drawing."""

    label: str
    voice_id: str
    skin: Colour
    lips: Colour
    eye: Colour
    hair: str
    hair_color: Colour
    brow: Colour
    outfit: str
    cloth: Colour
    inner: Colour
    backdrop: tuple[Colour, Colour]
    lashes: bool = False
    glasses: bool = False
    beard: bool = False


AVATARS: dict[str, Look] = {
    "ava": Look(
        label="Ava — auburn bob, teal blazer",
        voice_id="alba",
        skin=(246, 208, 182),
        lips=(201, 93, 92),
        eye=(94, 128, 92),
        hair="bob",
        hair_color=(139, 62, 38),
        brow=(110, 52, 34),
        outfit="blazer",
        cloth=(28, 104, 108),
        inner=(250, 246, 240),
        backdrop=((255, 236, 220), (243, 190, 160)),
        lashes=True,
    ),
    "leila": Look(
        label="Leila — rose hijab, navy dress",
        voice_id="noor",
        skin=(226, 176, 140),
        lips=(178, 84, 84),
        eye=(92, 60, 36),
        hair="hijab",
        hair_color=(206, 142, 146),
        brow=(66, 42, 34),
        outfit="dress",
        cloth=(40, 52, 92),
        inner=(206, 142, 146),
        backdrop=((226, 232, 248), (158, 174, 216)),
        lashes=True,
    ),
    "grace": Look(
        label="Grace — natural curls, mustard turtleneck",
        voice_id="clara",
        skin=(139, 88, 62),
        lips=(136, 52, 54),
        eye=(62, 38, 28),
        hair="curls",
        hair_color=(40, 28, 28),
        brow=(36, 24, 24),
        outfit="turtleneck",
        cloth=(222, 162, 48),
        inner=(198, 138, 34),
        backdrop=((214, 240, 232), (112, 186, 172)),
        lashes=True,
    ),
    "marcus": Look(
        label="Marcus — short fade and beard, navy blazer",
        voice_id="theo",
        skin=(112, 72, 52),
        lips=(122, 66, 60),
        eye=(48, 30, 24),
        hair="fade",
        hair_color=(30, 24, 26),
        brow=(26, 20, 22),
        outfit="blazer",
        cloth=(38, 50, 84),
        inner=(244, 244, 248),
        backdrop=((236, 228, 250), (176, 160, 218)),
        beard=True,
    ),
    "jonas": Look(
        label="Jonas — side-swept blond, glasses, green sweater",
        voice_id="miles",
        skin=(250, 216, 194),
        lips=(205, 124, 114),
        eye=(78, 124, 164),
        hair="swept",
        hair_color=(206, 158, 92),
        brow=(158, 112, 62),
        outfit="sweater",
        cloth=(62, 112, 84),
        inner=(248, 248, 246),
        backdrop=((232, 242, 250), (160, 196, 222)),
        glasses=True,
    ),
    "kenji": Look(
        label="Kenji — textured black hair, charcoal hoodie",
        voice_id="ravi",
        skin=(240, 200, 164),
        lips=(192, 112, 98),
        eye=(54, 38, 32),
        hair="crop",
        hair_color=(34, 32, 40),
        brow=(34, 32, 40),
        outfit="hoodie",
        cloth=(74, 80, 94),
        inner=(236, 112, 82),
        backdrop=((254, 240, 214), (246, 200, 128)),
    ),
}
DEFAULT_AVATAR = "ava"
