// Reads one JSON object per line from stdin:
//   {"secret", "headers": {...}, "body", "now", "want": true|false, "about"}
// verifies each with the reference library of Standard Webhooks, and prints one
// line of JSON with how many were accepted, refused and judged wrongly. A body
// travels as base64, so that tampered bytes arrive as they were sent; now is the
// receiver's clock in Unix seconds, so that stale and future messages are exact.
"use strict";
const readline = require("node:readline");
const { Webhook } = require("standardwebhooks");

const result = { accepted: 0, refused: 0, wrong: [] };

function accepts(message) {
  Date.now = () => message.now * 1000;
  try {
    new Webhook(message.secret).verify(Buffer.from(message.body, "base64"), message.headers);
    return true;
  } catch (error) {
    if (error.constructor.name === "WebhookVerificationError" || error instanceof SyntaxError) return false;
    throw error;
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  const accepted = accepts(message);
  if (accepted) result.accepted++;
  else result.refused++;
  if (accepted !== message.want) result.wrong.push(message.about);
}).on("close", () => console.log(JSON.stringify(result)));
