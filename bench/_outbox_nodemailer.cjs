// The same letters by nodemailer, as a Node shop would send them: a pool, a template filled for each, and no ledger.
const { readFileSync } = require("node:fs");
const nodemailer = require("nodemailer");

const { port, connections, sender, subject, text, html, people } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const fill = (pieces, words) => pieces.map((piece, nth) => (nth % 2 ? words[piece] : piece)).join("");

async function main() {
  const began = process.hrtime.bigint();
  const pool = nodemailer.createTransport({
    host: "127.0.0.1", port, pool: true, maxConnections: connections, maxMessages: Infinity, ignoreTLS: true,
  });
  const sent = await Promise.all(
    people.map((one) =>
      pool.sendMail({
        from: sender,
        to: { name: one.NAME, address: one.address },
        replyTo: one.replyTo,
        inReplyTo: one.answers,
        references: one.answers,
        subject: fill(subject, one),
        text: fill(text, one),
        html: fill(html, one),
        headers: { "Content-Language": "en" },
      }),
    ),
  );
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const accepted = sent.filter((one) => one.accepted.length === 1 && one.response.startsWith("250"));
  pool.close();
  console.log(JSON.stringify({ seconds, accepted: accepted.length, size: sent[0].messageSize }));
}

main();
