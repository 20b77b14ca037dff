"""How each kind of model makes an item: literal lists of stages. The keys are catalog.Model.made_by."""

from creative_hub.pipelines.ad import AD
from creative_hub.pipelines.ad_parts import WITH_CLIP, WITH_PRESENTER
from creative_hub.pipelines.media import ANSWERED, RENDERED, SUBMITTED, SUBMITTED_UNDER_A_KEY
from creative_hub.pipelines.style import STYLE
from jobs.pipeline import Stage

PIPELINES: dict[str, tuple[Stage, ...]] = {
    "renderer": RENDERED,
    "vendor": SUBMITTED,
    "vendor with keys": SUBMITTED_UNDER_A_KEY,
    "vendor that answers": ANSWERED,
    "style": STYLE,
    "ad": AD,
    "ad with a filmed presenter": WITH_PRESENTER,
    "ad of a filmed product": WITH_CLIP,
}
