"""Draws the pictures of README: draw.py [FOLDER], beside this file where none is named.

Each has a background of its own and is drawn twice, for light and for dark pages; colours stand in PALETTES alone.
"""
import os
import sys
from xml.sax.saxutils import escape

PALETTES = {
    "light": {"page": "#ffffff", "panel": "#f3f6fa", "box": "#ffffff", "line": "#7d8898", "text": "#1b2430", "soft": "#566171",
              "accent": "#1a63d6", "good": "#13734a", "bad": "#ad3a30", "said": "#e2edff", "heard": "#e9edf2"},
    "dark": {"page": "#11161d", "panel": "#19212b", "box": "#222c38", "line": "#7f8fa4", "text": "#e9eef5", "soft": "#b1bdcc",
             "accent": "#7ab6ff", "good": "#6fdca0", "bad": "#ff9a90", "said": "#1f3d66", "heard": "#2a3543"},
}
FONT = "-apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'DejaVu Sans', sans-serif"

FLOW = {
    "en": {
        "title": "From the channels to the agents",
        "channels": ("Channels", ["App", "Mini program", "Official account", "Web"]),
        "people": ("People", ["Agents", "Leaders", "Supervisors"]),
        "boxes": [("Connections", "one protocol for all"), ("Session", "one for each conversation"),
                  ("Identification", "who asks?"), ("Router", "rules in CEL → steps"), ("Skill groups", "queue, strategy, skills"),
                  ("Agents", "room, offer, accept")],
        "centers": "members, tags, orders, the past",
        "journal": ("Journal", "what happened, in order"), "state": ("State", "transcripts, customers, indexes"),
        "gate": ("an answer leaves only", "when it is on disk"),
        "in": "a consultation request", "out": "offers, events", "one": "one daemon, nothing beside it",
    },
    "zh": {
        "title": "从渠道到客服",
        "channels": ("渠道", ["App", "小程序", "公众号", "网页"]),
        "people": ("人员", ["客服", "组长", "主管"]),
        "boxes": [("连接", "同一协议"), ("会话", "每段对话一个"), ("客户识别", "来者是谁？"), ("路由", "CEL 规则 → 分步计划"),
                  ("客服技能组", "排队、策略、技能"), ("客服", "余力、派单、接受")],
        "centers": "会员、标签、订单、以往轨迹",
        "journal": ("日志", "按序记下发生的一切"), "state": ("状态", "聊天记录、客户、索引"),
        "gate": ("日志落盘之前，", "答复不会离开"),
        "in": "咨询请求", "out": "派单、事件", "one": "一个守护进程，别无他物",
    },
}

DECISION = {
    "en": {
        "title": "A conversation, and why it is where it is",
        "talk": [("customer", "The lid came broken."), ("event", "offered to Mei"), ("event", "served by Mei"),
                 ("agent", "I am sorry. A new one leaves today."), ("customer", "Thank you!")],
        "names": ("Ann, web", "Mei"),
        "why": "switchboardctl why",
        "rule": ("rule “complaints” of version 4, priority 20", 'matches: request.intent == "complaint"'),
        "steps": [("›", "1. after_sales, with refund 3, at most 45s"), ("", "2. after_sales and general"), ("", "3. leave a message")],
        "chosen": "chosen by longest_idle: mei, idle for 4m 10s",
        "before": "before zhou, idle for 1m 02s",
        "rejected": [("tom", "lacks a skill it needs"), ("lin", "has no room"), ("sun", "is not online")],
        "story": [("10:02:11", "waits in after_sales"), ("10:02:11", "offered to mei"), ("10:02:15", "accepted")],
    },
    "zh": {
        "title": "一段会话，以及它为何在此",
        "talk": [("customer", "收到的杯盖是坏的。"), ("event", "正在派单给小梅"), ("event", "小梅为您服务"),
                 ("agent", "非常抱歉，今天就给您补发。"), ("customer", "谢谢！")],
        "names": ("安然，网页", "小梅"),
        "why": "switchboardctl why",
        "rule": ("第 4 版的规则“投诉”，优先级 20", '符合：request.intent == "complaint"'),
        "steps": [("›", "1. 售后服务，需退款技能 3 级，至多 45 秒"), ("", "2. 售后服务与综合接待"), ("", "3. 留言")],
        "chosen": "按 longest_idle 选中 mei：已空闲 4 分 10 秒",
        "before": "其次 zhou：空闲 1 分 02 秒",
        "rejected": [("tom", "缺所需技能"), ("lin", "没有余力"), ("sun", "不在线")],
        "story": [("10:02:11", "在售后服务排队"), ("10:02:11", "派单给 mei"), ("10:02:15", "已接受")],
    },
}


def style():
    def rules(colours):
        fills = "".join(f".{name}{{fill:{colour}}}" for name, colour in colours.items() if name != "line")
        return (fills + f".edge{{stroke:{colours['line']};fill:none}}.strong{{stroke:{colours['accent']};fill:none}}"
                f".framed{{stroke:{colours['line']}}}.head{{fill:{colours['line']}}}.hot{{fill:{colours['accent']}}}")
    return (f"<style>text{{font-family:{FONT};font-size:14px}}.big{{font-size:18px;font-weight:600}}.bold{{font-weight:600}}"
            f".small{{font-size:12px}}.mono{{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,monospace;font-size:12.5px}}"
            f"{rules(PALETTES['light'])}@media (prefers-color-scheme:dark){{{rules(PALETTES['dark'])}}}</style>")


def text(x, y, words, look="text", anchor="start"):
    return f'<text x="{x}" y="{y}" class="{look}" text-anchor="{anchor}">{escape(words)}</text>'


def box(x, y, width, height, look="box framed", round_by=8):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{round_by}" class="{look}"/>'


def arrow(points, look="edge", head="head"):
    way = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{way}" class="{look}" stroke-width="1.6" marker-end="url(#{head})"/>'


def page(width, height, title, parts):
    markers = "".join(f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
                      f'<path d="M0,0 L8,4 L0,8 z" class="{name}"/></marker>' for name in ("head", "hot"))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n{style()}<defs>{markers}</defs>\n' +
            box(0.5, 0.5, width - 1, height - 1, "page framed", 12) + "\n" + "\n".join(parts) + "\n</svg>\n")


def listed(x, y, width, heading, words):
    step = 44
    parts = [text(x + width / 2, y - 10, heading, "text bold", "middle")]
    for n, word in enumerate(words):
        parts += [box(x, y + n * step, width, 34), text(x + width / 2, y + n * step + 22, word, "text", "middle")]
    return parts


def flow(words):
    width, height = 980, 420
    parts = [text(24, 36, words["title"], "text big")]
    parts += listed(24, 104, 124, *words["channels"])
    parts += listed(width - 148, 126, 124, *words["people"])
    parts += [box(190, 60, 600, 336, "panel framed"), text(776, 84, words["one"], "soft small", "end")]
    size = (172, 56)
    # Two rows: what comes goes along the upper one, and down into the lower one, back to the right.
    places = [(206, 104), (402, 104), (402, 212), (206, 212), (402, 308), (602, 212)]
    for (x, y), (name, about) in zip(places, words["boxes"]):
        parts += [box(x, y, *size), text(x + size[0] / 2, y + 24, name, "text bold", "middle"),
                  text(x + size[0] / 2, y + 43, about, "soft small", "middle")]
    parts += [
        arrow([(150, 180), (170, 180), (170, 132), (204, 132)], "strong", "hot"), text(24, 296, words["in"], "soft small"),
        arrow([(378, 132), (400, 132)], "strong", "hot"),
        arrow([(488, 160), (488, 210)], "strong", "hot"),
        arrow([(402, 240), (380, 240)], "strong", "hot"),
        arrow([(292, 268), (292, 336), (400, 336)], "strong", "hot"),
        arrow([(574, 336), (688, 336), (688, 270)], "strong", "hot"),
        arrow([(774, 240), (818, 240), (818, 192), (830, 192)], "strong", "hot"), text(width - 24, 272, words["out"], "soft small", "end"),
        box(602, 104, 172, 56), text(688, 128, words["journal"][0] + " → " + words["state"][0], "text bold", "middle"),
        text(688, 147, words["journal"][1], "soft small", "middle"),
        arrow([(574, 132), (600, 132)]),
        text(688, 178, words["gate"][0], "soft small", "middle"), text(688, 194, words["gate"][1], "soft small", "middle"),
        text(488, 287, words["centers"], "soft small", "middle"),
    ]
    return page(width, height, words["title"], parts)


def decision(words):
    width, height = 980, 400
    parts = [text(24, 36, words["title"], "text big"), box(24, 56, 400, 320, "panel framed"), box(448, 56, 508, 320, "panel framed")]
    y = 84
    for who, said in words["talk"]:
        if who == "event":
            parts += [text(224, y + 14, said, "soft small", "middle")]
            y += 36
            continue
        mine = who == "agent"
        x = 112 if mine else 40
        parts += [text(x + (296 if mine else 0), y, words["names"][mine], "soft small", "end" if mine else "start"),
                  box(x, y + 6, 296, 34, "said" if mine else "heard", 10), text(x + 12, y + 28, said)]
        y += 66
    x, y = 464, 82
    parts += [text(x, y, "$ " + words["why"], "accent mono"), text(x, y + 26, words["rule"][0], "text bold"), text(x + 12, y + 46, words["rule"][1], "soft mono")]
    y += 72
    for mark, step in words["steps"]:
        parts += [text(x + 4, y, mark, "accent bold"), text(x + 18, y, step, "text" if mark else "soft")]
        y += 21
    y += 8
    parts += [text(x, y, "✓ " + words["chosen"], "good bold"), text(x + 18, y + 21, words["before"], "soft")]
    y += 44
    for who, why in words["rejected"]:
        parts += [text(x + 18, y, f"✗ {who}", "bad"), text(x + 84, y, why, "soft")]
        y += 20
    y += 10
    for n, (at, what) in enumerate(words["story"]):
        parts += [text(x + n * 164, y, at, "soft mono"), text(x + n * 164, y + 18, what, "text small")]
    return page(width, height, words["title"], parts)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for name, draw, all_words in (("flow", flow, FLOW), ("decision", decision, DECISION)):
        for language, words in all_words.items():
            suffix = "" if language == "en" else f".{language}"
            with open(os.path.join(folder, f"{name}{suffix}.svg"), "w", encoding="utf-8") as out:
                out.write(draw(words))


if __name__ == "__main__":
    main()
