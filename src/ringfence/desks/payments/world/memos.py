"""What people write beside a payment, by kind; coin words, neutral words and word traps among them."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.flows import Array

SETS: dict[str, tuple[str, ...]] = {
    "none": ("",),
    "tea": ("奶茶", "柠檬茶", "抹茶拿铁", "抹茶星冰", "两杯奶茶", "下午茶", "coffee", "抹茶 少冰"),
    "meal": ("午餐", "晚饭", "聚餐", "牛肉面", "火锅", "外卖", "餐费", "烧烤"),
    "goods": ("买菜", "日用品", "水果", "U盘", "充电器", "衣服", "超市", "图书"),
    "arcade": ("游戏币", "娃娃机", "代币 50 枚", "游戏币 100", "电玩"),
    "collect": ("纪念币", "二手手机", "二手书", "邮票", "闲鱼", "相机", "钱币 纪念币一枚"),
    "bill": ("电费", "水费", "燃气费", "物业费", "宽带"),
    "rent": ("房租", "租金", "押金", "rent"),
    "salary": ("工资", "薪资", "奖金", "劳务费", "salary"),
    "family": ("生活费", "给爸妈", "孝敬", "学费", "还款", "家用"),
    "friends": ("AA", "红包", "聚餐 AA", "打车", "还钱", "电影票", "谢谢"),
    "school": ("学费", "书本费", "校服", "春游", "伙食费"),
    "gift": ("捐款", "爱心", "助学", "善款"),
    "dues": ("会费", "班费", "份子钱", "俱乐部"),
    "trade": ("货款", "定金", "尾款", "进货", "发票", "结算", "payment"),
    "agent": ("代购", "化妆品", "奶粉", "尾款", "机票", "火车票", "订票"),
    "group": ("团购", "拼单", "草莓", "大闸蟹", "年货"),
    "topup": ("话费", "充值", "流量", "手机充值"),
    "house": ("购房首付", "房款", "首付", "定金"),
    "neutral": ("货款", "转账", "餐费", "还款", "生活费", "借款", "服务费", "谢谢"),
    "coin": ("USDT", "买币", "买U", "C2C", "泰达币", "火币", "币安", "BTC", "卖币", "提U", "usdt 500"),
}
TEXTS = tuple(dict.fromkeys(text for words in SETS.values() for text in words))
SET = {name: at for at, name in enumerate(SETS)}
assert TEXTS[0] == ""  # noqa: S101 (code 0 is no memo)

_LONGEST = max(map(len, SETS.values()))
_CODES = np.asarray(
    [[TEXTS.index(words[i % len(words)]) for i in range(_LONGEST)] for words in SETS.values()], np.int16
)
_SIZES = np.asarray([len(words) for words in SETS.values()])


def written(rng: np.random.Generator, kind: Array, share: Array) -> Array:
    """A memo code for each set number; a ``share`` of payments carries one, the others none."""
    n = len(kind)
    word = (rng.random(n) * _SIZES[kind]).astype(np.int64)
    return np.where(rng.random(n) < share, _CODES[kind, word], np.int16(0))
