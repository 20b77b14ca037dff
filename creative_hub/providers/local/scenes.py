"""From a prompt to a scene: one table of places, one of things."""

from collections.abc import Callable
from functools import partial
from random import Random

from PIL import Image

from creative_hub.providers.local import city, coast, goods, graphics, machines, outdoors, studio, wilds
from creative_hub.providers.local.clay import Clay
from creative_hub.providers.local.drawing import Pen, Size, mix, soft, tinted
from creative_hub.providers.local.palette import Palette, palette_for
from creative_hub.providers.local.prompt import Prompt
from creative_hub.providers.local.staging import Layer, Part, Scene, layer

Place = Callable[[Size, Palette, Random], Scene]
Thing = Callable[[Clay, Palette, Random], None]

# words, place, the palette when the prompt does not set the mood; the first row that is mentioned wins
PLACES: tuple[tuple[str, Place, str], ...] = (
    ("space galaxy planet cosmos cosmic nebula universe astronaut saturn 宇宙 космос галактик планет فضاء", wilds.space, "night"),
    ("desert dune sahara camel cactus 砂漠 пустыня صحراء", wilds.desert, "golden"),
    (
        "beach sea ocean coast wave shore island tropical lagoon surf sand 海 海滩 море пляж بحر playa plage strand",
        coast.sea,
        "day",
    ),
    ("city street skyline downtown urban skyscraper building town metropolis 街 城市 город مدينة ciudad", city.city, "day"),
    ("forest woods woodland jungle tree pine 森 森林 лес غابة bosque forêt", wilds.forest, "misty"),
    ("coffee cafe café restaurant bakery bistro kitchen interior cozy cosy living room", studio.cafe, "warm"),
    (
        "mountain hill alps peak landscape valley hike hiking camping lake 山 горы جبل جبال montaña montagne",
        outdoors.mountains,
        "dawn",
    ),
    ("meadow flower wildflower field garden spring daisy blossom bloom 花 цветы زهور", wilds.meadow, "day"),
    ("sunset sunrise moon sky cloud 夕焼け 日落 закат рассвет غروب", outdoors.mountains, "sunset"),
    ("underwater sail boat yacht ship sailing", partial(coast.sea, beach=False), "day"),
)

# words, thing, whether it is wide (stands on the floor and not on a plinth)
THINGS: tuple[tuple[str, Thing, bool], ...] = (
    ("bicycle bike cycling cyclist velo vélo bicicleta 自転車 自行车 велосипед دراجة", machines.bicycle, True),
    (
        "car auto automobile suv sedan taxi truck driving vehicle 車 汽车 машина автомобиль سيارة coche voiture",
        machines.car,
        True,
    ),
    ("shoe sneaker trainer boot footwear running 靴 кроссовки حذاء zapatos chaussures", machines.shoe, True),
    ("headphone headset earphone earbud music podcast audio", machines.headphones, False),
    ("perfume fragrance cologne parfum 香水 духи عطر", goods.perfume, False),
    ("cream skincare serum lotion cosmetic moisturizer moisturiser makeup beauty jar balm candle", goods.jar, False),
    ("bottle juice wine beer drink soda water lemonade shampoo oil smoothie cocktail 瓶 бутылка زجاجة", goods.bottle, False),
    ("phone smartphone app iphone android mobile スマホ 手机 телефон هاتف", goods.phone, False),
    ("laptop computer software saas website dashboard notebook", goods.laptop, False),
    ("watch wristwatch clock smartwatch 時計 часы ساعة", goods.watch, False),
    ("gift christmas birthday box package parcel delivery", goods.gift, False),
    ("handbag bag purse tote backpack luggage", goods.bag, False),
    ("burger hamburger cheeseburger sandwich food lunch meal fastfood", goods.burger, False),
    ("bouquet vase flower rose tulip florist", goods.vase, False),
    ("coffee tea mug cup latte cappuccino espresso cocoa コーヒー 咖啡 кофе قهوة", goods.cup, False),
    ("product cosmetics", goods.jar, False),
)

_BOLD = "bold dynamic vibrant energetic strong pop bright sale electric power"
_RAIN = "rain rainy raining storm wet umbrella 雨 дождь مطر"


def scene_for(prompt: Prompt, size: Size, rng: Random) -> tuple[Scene, Palette]:
    """The scene a prompt asks for, at `size`. What no table knows becomes an abstract composition."""
    place = next(((build, mood) for words, build, mood in PLACES if prompt.mentions(words)), None)
    thing = next(((model, wide) for words, model, wide in THINGS if prompt.mentions(words)), None)
    if thing and place and thing[0] is goods.vase and place[0] is wilds.meadow:
        thing = None  # flowers outdoors grow
    if thing and place and place[0] is studio.cafe and thing[1]:
        place = None
    palette = palette_for(prompt, rng, place[1] if place else "day" if thing else "")
    if place:
        build = partial(city.city, rainy=True) if place[0] is city.city and prompt.mentions(_RAIN) else place[0]
        scene = build(size, palette, rng)
    elif thing:
        scene = studio.studio(size, palette, rng, bold=prompt.mentions(_BOLD), plinth=not thing[1])
    else:
        return graphics.abstract(size, palette, rng), palette
    if thing:
        scene.parts += _standing(thing[0], size, palette, rng, scene.ground, thing[1])
    if place and prompt.mentions(_RAIN) and place[0] not in (city.city, studio.cafe, wilds.space):
        scene.parts.append(city.rain(size, palette, rng))
    return scene, palette


def _standing(model: Thing, size: Size, palette: Palette, rng: Random, ground: float, wide: bool) -> list[Part]:
    """The thing, in the light of its surroundings, with the shadow it casts where it stands."""
    width, height = size
    side = round(min(min(size) * (0.78 if wide else 0.56), height * 0.66))
    clay = Clay(side)
    model(clay, palette, rng)
    picture = clay.picture
    box = picture.getbbox() or (0, 0, side, side)
    picture = _in_the_light(picture.crop(box), palette)
    left, top = (width - picture.width) // 2, round(height * ground + min(size) * 0.012) - picture.height
    foot = Pen(size, "L", 1)
    foot.ellipse((width / 2 + picture.width * 0.05, height * ground), picture.width * 0.5, max(3.0, picture.width * 0.045), 165)
    near = Pen(size, "L", 1)
    near.ellipse((width / 2, height * ground + min(size) * 0.006), picture.width * 0.44, max(2.0, picture.width * 0.016), 200)
    wide_shadow = layer(tinted((10, 8, 16), soft(foot.picture(), min(size) / 50)), 0.35)
    return [
        wide_shadow,
        layer(tinted((10, 8, 16), soft(near.picture(), min(size) / 170)), 0.35),
        Layer(picture, (left, top), 0.35),
    ]


def _in_the_light(picture: Image.Image, palette: Palette) -> Image.Image:
    colours = picture.convert("RGB")
    tint = mix(palette.sky[1], palette.near, 0.4 if palette.dark else 0.0)
    tinted_colours = Image.blend(colours, Image.new("RGB", colours.size, tint), 0.2 if palette.dark else 0.07)
    tinted_colours.putalpha(picture.getchannel("A"))
    return tinted_colours
