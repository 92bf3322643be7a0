#include "tools/demo/live_view.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::demo {
namespace {

using terminal::padded;
using terminal::span_text;

long long since(steady::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - begun).count();
}

struct tally {
  std::map<phase, std::size_t> in;
  std::size_t at(phase p) const {
    auto found = in.find(p);
    return found == in.end() ? 0 : found->second;
  }
};

tally count(const demo_stage& stage) {
  tally t;
  for (auto& c : stage.conversations()) t.in[c.phase] += 1;
  return t;
}

std::uint64_t messages(const demo_counts& c) {
  return c.customer_messages + c.agent_messages + c.automatic_messages;
}

/// The one shown to people: the four characters that programs take, too.
std::string tag_of(const std::string& session) {
  return session.size() <= 4 ? session : session.substr(session.size() - 4);
}

void fill_people(live_screen& to, const demo_stage& stage, const demo_director& director) {
  std::map<std::string, live_screen::group> by_group;
  std::map<std::string, std::vector<std::string>> serving;
  for (auto& c : stage.conversations()) {
    const bool waits = c.phase == phase::waiting || c.phase == phase::offered;
    if (waits) {
      by_group[c.group].waiting += 1;
      to.waiters.push_back({c.script->customer_name, stage.group_name(c.group),
                            c.script->request.value("subject", c.script->intent),
                            c.phase == phase::offered ? stage.agent_name(c.agent) : std::string(),
                            since(c.waiting_since)});
    }
    if (c.phase != phase::active) continue;
    by_group[c.group].served += 1;
    serving[c.agent].push_back(c.script->customer_name);
  }
  std::ranges::stable_sort(to.waiters, std::greater{}, &live_screen::waiter::waited_ms);
  for (auto& [id, name] : stage.script().groups) {
    auto& g = by_group[id];
    g.name = name;
    to.groups.push_back(g);
  }
  for (auto& agent : director.agents()) {
    auto& who = agent->who();
    to.agents.push_back({who.name, agent->state(), who.capacity, serving[who.id]});
  }
}

/// With the ids of sessions that are there now, so that each can be typed as it stands.
void fill_hints(live_screen& to, const demo_stage& stage, const std::string& ctl) {
  const conversation* waits = nullptr;
  const conversation* served = nullptr;
  for (auto& c : stage.conversations()) {
    if (!waits && c.phase == phase::waiting) waits = &c;
    if (!served && c.phase == phase::active) served = &c;
  }
  to.hints.push_back({ctl + " sessions --watch", "who waits, in which order"});
  if (waits) to.hints.push_back({ctl + " why " + tag_of(waits->session_id), "why this one waits"});
  to.hints.push_back({ctl + " agents", "who serves how many"});
  if (served)
    to.hints.push_back(
        {ctl + " session transcript " + tag_of(served->session_id), "what was said there"});
}

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

bool has_screen() {
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) && term && *term && std::string_view(term) != "dumb";
}

bool has_colours() {
  const char* without = std::getenv("NO_COLOR");
  return !without || !*without;
}

screen_size terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

live_screen screen_of(const demo_stage& stage, const demo_director& director,
                      steady::time_point begun, const std::string& ctl) {
  auto t = count(stage);
  auto& c = stage.counts();
  auto& b = stage.book().so_far();
  live_screen out;
  out.elapsed_ms = since(begun);
  out.to_come = t.at(phase::to_come);
  out.waiting = t.at(phase::opening) + t.at(phase::waiting);
  out.offered = t.at(phase::offered);
  out.active = t.at(phase::active);
  out.closed = c.closed;
  out.planned = stage.conversations().size();
  out.messages = messages(c);
  out.transfers = c.transfers;
  out.ratings = c.ratings;
  out.lost = b.lost;
  out.doubled = b.doubled;
  out.longest_wait_ms = c.longest_wait_ms;
  out.said.assign(stage.feed().begin(), stage.feed().end());
  fill_people(out, stage, director);
  fill_hints(out, stage, ctl);
  return out;
}

std::string progress_line(const demo_stage& stage, steady::time_point begun) {
  auto t = count(stage);
  auto& c = stage.counts();
  return "demo " + padded(span_text(since(begun)), 6, true) + ": opened " +
         std::to_string(c.opened) + '/' + std::to_string(stage.conversations().size()) +
         ", waiting " + std::to_string(t.at(phase::waiting) + t.at(phase::offered)) + ", active " +
         std::to_string(t.at(phase::active)) + ", closed " + std::to_string(c.closed) +
         ", messages " + std::to_string(messages(c)) + ", longest wait " +
         span_text(c.longest_wait_ms);
}

demo_summary summarize(const demo_stage& stage, steady::time_point begun) {
  auto& c = stage.counts();
  auto& b = stage.book().so_far();
  auto planned = stage.conversations().size();
  auto done = count(stage).at(phase::done);
  demo_summary out;
  out.good = done == planned && c.opened == planned && c.assigned == planned &&
             c.closed == planned && b.sent == b.acknowledged && b.lost == 0 && b.doubled == 0;
  auto row = [&](const char* what, const std::string& value) {
    out.text += "  " + padded(what, 18) + value + '\n';
  };
  auto number = [](std::uint64_t n) { return std::to_string(n); };
  out.text = "demo played in " + span_text(since(begun)) + '\n';
  row("sessions opened", number(c.opened) + " of " + number(planned));
  row("assigned", number(c.assigned) + ", and " + number(c.assigned_again) + " after a transfer");
  row("closed", number(c.closed));
  row("messages", number(messages(c)) + " (customers " + number(c.customer_messages) + ", agents " +
                      number(c.agent_messages) + ", automatic " + number(c.automatic_messages) +
                      ")");
  row("acknowledged", number(b.acknowledged) + " of " + number(b.sent) + " sent");
  row("besides", number(c.transfers) + " transfers, " + number(c.declined) + " offers declined, " +
                     number(c.recalls) + " messages taken back, " + number(c.ratings) + " ratings");
  row("longest wait", span_text(c.longest_wait_ms));
  row("lost", number(b.lost));
  row("doubled", number(b.doubled));
  for (auto& problem : stage.book().problems()) out.text += "  ! " + problem + '\n';
  for (auto& v : stage.conversations()) {
    if (v.phase == phase::failed)
      out.text += "  ! " + v.script->request_id + ' ' + v.session_id + ": " + v.trouble + '\n';
  }
  return out;
}

full_screen::full_screen() {
  put("\x1b[?1049h\x1b[?25l");
}
full_screen::~full_screen() {
  put("\x1b[?25h\x1b[?1049l");
}
void full_screen::show(const std::string& drawn) {
  put("\x1b[H" + drawn + "\x1b[J");
}

}  // namespace switchboard::demo
