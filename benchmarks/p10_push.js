// The limit of P10: npm web-push at its best (lines kept alive, 64 under way), and the TLS server both sides send to.
//   node p10_push.js serve KEY CERTIFICATE         prints its port; answers 201 to every message
//   node p10_push.js send FOLDER PORT JOB.json     FOLDER holds node_modules/web-push; prints messages a second
const fs = require("fs");
const https = require("https");
const { createRequire } = require("module");

const UNDER_WAY = 64;

function serve(key, certificate) {
  const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, (request, answer) => {
    request.resume();
    request.on("end", () => answer.writeHead(201, { "Content-Length": 0 }).end());
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

async function send(folder, port, job) {
  const webpush = createRequire(`${folder}/`)("web-push");
  const { subscriptions, text, publicKey, privateKey } = JSON.parse(fs.readFileSync(job, "utf8"));
  webpush.setVapidDetails("mailto:it@shop.ru", publicKey, privateKey);
  const agent = new https.Agent({ keepAlive: true, maxSockets: UNDER_WAY, rejectUnauthorized: false });
  const options = { TTL: 600, urgency: "normal", topic: "balance", agent };
  const waiting = subscriptions.map(({ endpoint, keys }) => ({ endpoint: local(endpoint, port), keys }));
  const started = process.hrtime.bigint();
  const carry = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await webpush.sendNotification(next, text, options);
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, carry));
  console.log(subscriptions.length / (Number(process.hrtime.bigint() - started) / 1e9));
  agent.destroy();
}

function local(endpoint, port) {
  return endpoint.replace(/^https:\/\/[^/]+/, `https://127.0.0.1:${port}`);
}

const [what, ...given] = process.argv.slice(2);
if (what === "serve") serve(...given);
else send(...given);
