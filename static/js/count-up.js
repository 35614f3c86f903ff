// “+120” counts up once and lands on the figure the server wrote. Without motion it just stands there.
const DURATION = 600;

function countUp(element) {
  const landed = element.textContent;
  const target = Number(landed.replace(/\D/g, ""));
  const digits = new Intl.NumberFormat(document.documentElement.lang);
  const started = performance.now();
  requestAnimationFrame(function step(now) {
    const share = Math.min(1, (now - started) / DURATION);
    element.textContent = share === 1 ? landed : `+${digits.format(Math.round(target * (1 - (1 - share) ** 3)))}`;
    if (share < 1) requestAnimationFrame(step);
  });
}

if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
  document.querySelectorAll("[data-counts-up]").forEach(countUp);
}
