// The time that is left, second by second; when there is none the page is asked anew.
function count(place) {
  const end = Date.now() + Number(place.dataset.countsDown) * 1000;
  const ticking = setInterval(() => {
    const left = Math.max(Math.ceil((end - Date.now()) / 1000), 0);
    place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left) return;
    clearInterval(ticking);
    if (!place.hasAttribute("data-stays")) location.reload();
  }, 1000);
}

document.querySelectorAll("[data-counts-down]").forEach(count);
