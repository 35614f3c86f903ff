// The two short questions that pages ask the shop of themselves.

// Whose session the browser has: the name that pages carry in `data-session`, or nothing. Throws without a network.
export async function sessionHere() {
  const answer = await fetch("/session", { cache: "no-store" });
  return (await answer.json()).session;
}

// Whether the shop answers: “online” alone says only that there is a cable.
export async function shopAnswers(patience_ms = 10_000) {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(patience_ms) })).ok;
  } catch {
    return false;
  }
}
