"""Half a year between Yusuf and Samira, in Arabic: dates, papers, the kitchen, money."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

MESSAGES: Final = 400
_DAYS: Final = ("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة")
_TIMES: Final = ("9:30", "11:00", "14:15", "16:00", "17:30")
_DISHES: Final = ("حساء العدس", "السمك بالليمون", "الخبز", "المحشي", "سلطة الفتوش", "كعكة التفاح")
# y: the young person, h: who helps. Each line is one exchange on one day.
_EXCHANGES: Final = (
    ("h:صباح الخير يوسف، كيف حالك اليوم؟", "y:بخير الحمد لله، وأنتِ؟", "h:بخير، شكرا لك."),
    ("y:هل يمكن أن نلتقي يوم {day}؟", "h:نعم، الساعة {time} في البيت على الرصيف.", "y:ممتاز 👍"),
    ("y:طبخت اليوم {dish}", "h:رائع! ماذا قال رئيس المطبخ؟", "y:قال: أحسنت 😊"),
    ("h:هل وصلتك الرسالة من المدرسة المهنية؟", "y:نعم، لكن لم أفهم كل شيء.",
     "h:أحضرها معك يوم {day}، نقرؤها معا."),
    ("y:سأتأخر عشر دقائق، الحافلة لم تأتِ", "h:لا مشكلة، أنا هنا."),
    ("h:لا تنس الموعد يوم {day} الساعة {time}.", "y:لن أنسى"),
    ("y:اتصلوا بي بسبب الفاتورة مرة أخرى", "h:لا تدفع شيئا الآن. نتصل معا بمكتب الديون.",
     "y:شكرا، كنت قلقا"),
    ("h:هل تعمل في نهاية الأسبوع؟", "y:نعم، يوم {day} حتى المساء", "h:إذن نؤجل الموعد، ارتح جيدا."),
    ("y:نجحت في الاختبار!! 🎉", "h:مبروك يا يوسف! كنت أعرف أنك تستطيع.", "y:شكرا على المساعدة"),
    ("y:الفرن في البيت لا يعمل", "h:اكتب لصاحب البيت. هل أساعدك في الرسالة؟", "y:نعم من فضلك",
     "h:أرسلتها لك، اقرأها أولا."),
    ("h:غدا عندنا عشاء مشترك. هل تأتي؟", "y:نعم، سأحضر {dish}", "h:الكل سيفرح 😋"),
    ("y:متى تفتحون اليوم؟", "h:من الساعة {time}."),
    ("y:أحتاج ورقة من العمل، صحيح؟", "h:نعم، عقد التدريب وآخر كشف راتب.", "y:عندي الاثنان"),
    ("h:كيف كان اليوم الأول في القسم الجديد؟", "y:صعب قليلا لكن الناس لطفاء",
     "h:البداية دائما صعبة. أخبرني بعد أسبوع."),
    ("y:هل الموعد عند الطبيب يوم {day}؟", "h:نعم، الساعة {time}. هل أرافقك؟", "y:أذهب وحدي، شكرا"),
    ("y:أخي الصغير يسأل عن كرة القدم عندكم", "h:كل يوم {day} الساعة {time}. ليأتِ معك.",
     "y:سيفرح كثيرا"),
    ("h:انتهيت من صفحة الأهداف؟", "y:نصفها", "h:جميل، النصف الآخر معا."),
    ("y:تعبت اليوم، لا أريد أن أتكلم", "h:مفهوم. أكتب لك غدا، وأنا هنا إن احتجت.", "y:شكرا"),
    ("y:كيف أكتب كلمة Ausbildung؟", "h:هكذا تماما كما كتبتها 🙂"),
    ("h:وجدت لك دورة ألمانية مساء يوم {day}.", "y:كم تكلف؟", "h:مجانا للمتدربين.",
     "y:سجليني من فضلك"),
    ("y:المدير يريدني أن أعمل وقتا أطول", "h:عمرك 19، وفي العقد ثماني ساعات. نتكلم معه معا؟",
     "y:أحاول وحدي أولا", "h:قرار جيد. أخبرني."),
    ("y:تكلمت مع المدير، وافق!", "h:فعلتها وحدك! 💪"),
    ("h:مكتب الديون أجاب: الموعد يوم {day} الساعة {time}.", "y:هل تأتين معي؟", "h:طبعا."),
    ("y:شكرا على أمس", "h:أنت من فعل كل شيء."),
    ("y:نسيت كلمة السر للبريد", "h:نستعيدها معا يوم {day}.", "y:تمام"),
    ("h:عيد مبارك لك ولعائلتك 🌙", "y:وأنتِ بخير، أمي ترسل لك {dish}",
     "h:سلم عليها كثيرا."),
    ("y:هل يمكن أن أطبخ عندكم يوم {day}؟", "h:المطبخ لك من الساعة {time}."),
    ("y:السكن الجديد جميل", "h:مبروك! هل تحتاج شيئا؟", "y:طاولة صغيرة فقط",
     "h:عندنا واحدة في المخزن."),
)  # fmt: skip
_LAST: Final = (
    "y:عندي طلب: هل يمكن أن ننقل موعد يوم الخميس؟",
    "h:نعم. هل يناسبك يوم الجمعة الساعة 16:00؟",
    "y:نعم، شكرا جزيلا 🙏",
    "h:إلى اللقاء يوم الجمعة.",
)


class Said(NamedTuple):
    """`by_young` who said it, when, and what."""

    by_young: bool
    at: datetime
    text: str


def long_talk(now: datetime) -> list[Said]:
    """`MESSAGES` of them, the last yesterday; the same every time but for the dates."""
    rounds: list[tuple[str, ...]] = []
    while sum(map(len, rounds)) < MESSAGES - len(_LAST):
        number = len(rounds)
        # Steps that share no factor with the lengths of the lists: nothing comes twice soon.
        facts = {
            "day": _DAYS[number * 2 % len(_DAYS)],
            "time": _TIMES[number * 3 % len(_TIMES)],
            "dish": _DISHES[number * 5 % len(_DISHES)],
        }
        exchange = _EXCHANGES[number * 5 % len(_EXCHANGES)]
        rounds.append(tuple(line.format(**facts) for line in exchange))
    return list(_told([*rounds, _LAST], now))[-MESSAGES:]


def _told(rounds: list[tuple[str, ...]], now: datetime) -> Iterator[Said]:
    for number, lines in enumerate(rounds):
        day = now - timedelta(days=len(rounds) - number)
        begin = day.replace(hour=9 + number * 3 % 8, minute=number * 7 % 60, second=0)
        for place, line in enumerate(lines):
            who, _, text = line.partition(":")
            yield Said(who == "y", begin + timedelta(minutes=place * (3 + number % 9)), text)
