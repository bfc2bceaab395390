"""Writes the little YAML that the cases need, laid out for reading."""


def scalar(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    return scalar(value)


def section(name, comment, items, style="block"):
    """A list section: a comment above it and one item after the other, over
    several lines (block) or on one line each (flow). An item may be a pair
    (item, remark)."""
    lines = [""] + [f"# {line}" for line in comment.splitlines()] + [f"{name}:"]
    for item in items:
        item, remark = item if isinstance(item, tuple) else (item, "")
        if style == "flow":
            lines.append(f"  - {flow(item)}" + (f" # {remark}" if remark else ""))
            continue
        if remark:
            lines.append(f"  # {remark}")
        mark = "- "
        for key, value in item.items():
            lines.append(f"  {mark}{key}: {flow(value)}")
            mark = "  "
    return lines
