"""What keeps people from reading a page, that axe does not see: text cut or pushed aside, focus that does not show."""

PHONE = 390
WIDTHS = (1440, PHONE, 320)

# WCAG 1.4.12, « Text spacing »: what a reader may ask for without losing anything.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""

# A sheet made by a script is not inline: the security policy lets the tests bring theirs.
SPACE = """spacing => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(spacing);
  const others = document.adoptedStyleSheets;
  document.adoptedStyleSheets = spacing ? [...others, sheet] : others.slice(0, -1);
}"""

# Beyond the edges of the page, but for what stands in a part of it that scrolls by itself.
OVERFLOWING = """() => {
  const root = document.documentElement;
  const found = [];
  const scrolls = element => element && element !== document.body
    && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  for (const element of document.body.querySelectorAll("*")) {
    if (element.ownerSVGElement || !element.checkVisibility()) continue;
    const box = element.getBoundingClientRect();
    const beyond = box.width && box.height && (box.right > root.clientWidth + 1 || box.left < -1);
    if (beyond && !scrolls(element.parentElement)) found.push(element);
  }
  const innermost = found.filter(element => !found.some(other => other !== element && element.contains(other)));
  const page = root.scrollWidth > root.clientWidth ? [`page of ${root.scrollWidth} in ${root.clientWidth}`] : [];
  return [...page, ...innermost.map(element => element.outerHTML.slice(0, 120))].slice(0, 6);
}"""

# Text that its own box hides. A live map goes on beyond its edges: one moves it.
CUT = """() => [...document.body.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  return ["hidden", "clip"].includes(style.overflowY)
    && !element.closest("svg, .vh, [aria-hidden=true], .leaflet-container")
    && element.innerText.trim()
    && (element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2);
}).map(element => element.outerHTML.slice(0, 120)).slice(0, 5)"""

# Each thing that the keyboard reaches must look otherwise when it is there.
FOCUS_THAT_DOES_NOT_SHOW = """() => {
  const look = element => [element, ...element.querySelectorAll("*")].slice(0, 20).map(part => {
    const { outlineStyle, outlineWidth, strokeWidth, stroke } = getComputedStyle(part);
    return outlineStyle === "none" ? [stroke, strokeWidth] : [outlineStyle, parseFloat(outlineWidth) >= 2];
  }).join();
  const reached = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const found = [];
  for (const element of document.body.querySelectorAll(reached)) {
    if (!element.checkVisibility()) continue;
    document.activeElement.blur();
    const before = look(element);
    element.focus({ focusVisible: true, preventScroll: true });
    const box = element.getBoundingClientRect();
    if (look(element) === before || box.width < 2 || box.height < 2) found.push(element.outerHTML.slice(0, 120));
  }
  document.activeElement.blur();
  return found.slice(0, 5);
}"""


def faults_of(page, axe):
    """All that is wrong with a page, at the widths and in the ways that people read it."""
    page.keyboard.press("Tab")
    faults = [f"focus does not show: {fault}" for fault in page.evaluate(FOCUS_THAT_DOES_NOT_SHOW)]
    for width in WIDTHS:
        resize(page, width, 900)
        # No rule of our sheets tells phones apart: what axe sees on the narrowest holds for the others.
        if width != PHONE:
            faults += [f"axe, {width} px: {fault}" for fault in axe(page)]
        faults += _misplaced(page, f"{width} px")
    faults += _spaced(page, "320 px")
    # 200 % on a screen of 1440 px.
    resize(page, 720, 450, scale=2)
    faults += _misplaced(page, "200 %")
    return faults + _spaced(page, "200 %")


def resize(page, width, height, scale=1):
    if not hasattr(page, "devtools"):
        page.devtools = page.context.new_cdp_session(page)
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    page.devtools.send("Emulation.setDeviceMetricsOverride", metrics)


def _spaced(page, where):
    page.evaluate(SPACE, SPACING)
    faults = _misplaced(page, f"{where}, text spaced")
    page.evaluate(SPACE, "")
    return faults


def _misplaced(page, where):
    overflowing = [f"{where}, too wide: {fault}" for fault in page.evaluate(OVERFLOWING)]
    return overflowing + [f"{where}, cut: {fault}" for fault in page.evaluate(CUT)]
