// One gesture, one step: a turn of the wheel with all its inertia, or a swipe. Where the page can scroll that way, it does.

const QUIET_MS = 180; // the wheel at rest for so long ends a gesture
const AGAIN_MS = 400; // a gesture right behind another is told by its force
const FORCE = 2;
const WHEEL_PX = 30;
const LINE_PX = 16;
const SWIPE_PX = 50;

export function canScroll(direction) {
  const { scrollHeight } = document.documentElement;
  return direction > 0 ? scrollY + innerHeight < scrollHeight - 2 : scrollY > 0;
}

function onWheel(step) {
  let [lastAt, steppedAt, least, sum, scrolls] = [-Infinity, -Infinity, 0, 0, false];
  return ({ deltaX, deltaY, deltaMode, ctrlKey, timeStamp }) => {
    if (ctrlKey || Math.abs(deltaX) > Math.abs(deltaY)) return;
    const pixels = deltaMode ? deltaY * LINE_PX : deltaY;
    const size = Math.abs(pixels);
    const stronger = steppedAt > -Infinity && timeStamp - steppedAt > AGAIN_MS && size > FORCE * least + WHEEL_PX;
    if (timeStamp - lastAt > QUIET_MS || stronger) [steppedAt, least, sum, scrolls] = [-Infinity, size, 0, canScroll(pixels)];
    lastAt = timeStamp;
    least = Math.min(least, size);
    sum += pixels;
    if (scrolls || steppedAt > -Infinity || Math.abs(sum) < WHEEL_PX) return;
    steppedAt = timeStamp;
    step(Math.sign(sum));
  };
}

function onTouch(step, stage) {
  let begun = null;
  const start = ({ target, touches: [{ clientX, clientY }], touches }) => {
    const own = touches.length === 1 && !target.closest("input, iframe");
    const stays = own && target.closest(stage); // there the page is not scrolled by touch
    begun = own && { clientX, clientY, down: stays || !canScroll(1), up: stays || !canScroll(-1) };
  };
  const end = ({ changedTouches: [{ clientX, clientY }] }) => {
    const [across, along] = begun ? [clientX - begun.clientX, clientY - begun.clientY] : [0, 0];
    const direction = -Math.sign(along);
    const free = begun && (direction > 0 ? begun.down : begun.up);
    begun = null;
    if (free && Math.abs(along) >= SWIPE_PX && Math.abs(along) > Math.abs(across)) step(direction);
  };
  return { touchstart: start, touchend: end, touchcancel: () => (begun = null) };
}

// step: (1 | -1) => void. stage: selector of what a finger moves clips on, and not the page.
export function onGestures(element, step, stage) {
  element.addEventListener("wheel", onWheel(step), { passive: true });
  for (const [type, listener] of Object.entries(onTouch(step, stage))) {
    element.addEventListener(type, listener, { passive: true });
  }
}
