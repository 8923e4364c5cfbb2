//! Writes a `.zis` file of many flows, to measure the language server with: `many_flows STATES > file.zis`.
//!
//! Each flow has ten states: calls, a choice, values that take jq, a jq text, a loop.

use std::io::Write;

const STATES_OF_A_FLOW: usize = 10;

fn main() -> std::io::Result<()> {
    let states = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(1_000);
    let out = std::io::stdout();
    source(states, &mut out.lock())
}

fn source(states: usize, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "integration acme_many\n\nparam channel: string = \"#help\"\nconnection slack: oauth\n")?;
    writeln!(out, "type Reply = {{ ok: bool, ts?: string, error?: string }}\n")?;
    writeln!(
        out,
        "action slack.post(channel: string, text: string) -> Reply {{\n  POST \"https://slack.com/api/chat.postMessage\"\n  connection slack\n  body {{ channel, text }}\n}}\n"
    )?;
    for flow in 0..states.div_ceil(STATES_OF_A_FLOW) {
        writeln!(out, "job on_comment_{flow}: support.ticket.CommentAdded -> announce_{flow}\n")?;
        writeln!(
            out,
            r##"flow announce_{flow}(event) {{
  let ticket = event.ticket_event.ticket
  let comment = event.ticket_event.comment

  if ticket.priority == "low" || ticket.id == {flow} {{
    succeed "nothing to say about ticket ${{ticket.id}}"
  }}

  let lines = jq(comment)`.body | split("\n") | map(select(length > 0))`
  let title = upper("${{ticket.type ?? "ticket"}} {flow}")
  let reply = slack.post(channel, text: "*#${{ticket.id}}* ${{title}} ${{first(lines) ?? ""}}")
  if !reply.ok {{
    fail "SlackRefused", "${{reply.error ?? "no reason given"}}"
  }}
  wait 1s
  succeed "posted ticket ${{ticket.id}}"
}}
"##
        )?;
    }
    Ok(())
}
