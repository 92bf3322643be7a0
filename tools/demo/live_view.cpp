#include "tools/demo/live_view.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
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

class canvas {
 public:
  explicit canvas(screen_size size) : size_(size) {}
  bool full(std::size_t spare = 0) const { return rows_ + spare >= size_.rows; }
  /// `style`: an SGR parameter.
  void line(const std::string& text, const char* style = nullptr) {
    if (full()) return;
    if (rows_++ > 0) out_ += "\r\n";
    auto cut = terminal::clipped(text, size_.columns);
    out_ += style ? std::string("\x1b[") + style + 'm' + cut + "\x1b[0m" : cut;
    out_ += "\x1b[K";
  }
  std::size_t left() const { return size_.rows - rows_; }
  std::string take() { return std::move(out_); }

 private:
  screen_size size_;
  std::size_t rows_ = 0;
  std::string out_;
};

void draw_counts(canvas& to, const demo_stage& stage, steady::time_point begun) {
  auto t = count(stage);
  auto& c = stage.counts();
  auto& b = stage.book().so_far();
  to.line(" Switchboard demo  " + span_text(since(begun)), "1;7");
  to.line("sessions  to come " + std::to_string(t.at(phase::to_come)) + "  waiting " +
          std::to_string(t.at(phase::opening) + t.at(phase::waiting)) + "  offered " +
          std::to_string(t.at(phase::offered)) + "  active " + std::to_string(t.at(phase::active)) +
          "  closed " + std::to_string(c.closed) + "  of " +
          std::to_string(stage.conversations().size()));
  to.line("messages  " + std::to_string(messages(c)) + "  transfers " +
          std::to_string(c.transfers) + "  taken back " + std::to_string(c.recalls) + "  ratings " +
          std::to_string(c.ratings) + "  longest wait " + span_text(c.longest_wait_ms) + "  lost " +
          std::to_string(b.lost) + "  doubled " + std::to_string(b.doubled));
}

void draw_groups(canvas& to, const demo_stage& stage) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> by_group;
  for (auto& c : stage.conversations()) {
    if (c.phase == phase::waiting || c.phase == phase::offered) by_group[c.group].first += 1;
    if (c.phase == phase::active) by_group[c.group].second += 1;
  }
  to.line("");
  to.line(padded("GROUP", 18) + padded("WAITING", 9, true) + padded("SERVED", 9, true), "1");
  for (auto& [id, name] : stage.script().groups) {
    auto& [waiting, served] = by_group[id];
    to.line(padded(name, 18) + padded(std::to_string(waiting), 9, true) +
                padded(std::to_string(served), 9, true),
            waiting > 0 ? "33" : nullptr);
  }
}

void draw_agents(canvas& to, const demo_stage& stage, const demo_director& director) {
  std::map<std::string, std::vector<const conversation*>> serving;
  for (auto& c : stage.conversations()) {
    if (c.phase == phase::active) serving[c.agent].push_back(&c);
  }
  to.line("");
  to.line(padded("AGENT", 18) + padded("STATE", 14) + padded("LOAD", 7) + "SERVES", "1");
  for (auto& agent : director.agents()) {
    auto& who = agent->who();
    auto& with = serving[who.id];
    std::string names;
    for (auto* c : with) names += (names.empty() ? "" : ", ") + c->script->customer_name;
    to.line(padded(who.name, 18) + padded(agent->state(), 14) +
                padded(std::to_string(with.size()) + '/' + std::to_string(who.capacity), 7) + names,
            with.empty() ? "2" : nullptr);
  }
}

void draw_waiting(canvas& to, const demo_stage& stage) {
  std::string names;
  std::size_t n = 0;
  for (auto& c : stage.conversations()) {
    if (c.phase != phase::waiting && c.phase != phase::offered) continue;
    ++n;
    names += (names.empty() ? "" : ", ") + c.script->customer_name + ' ' +
             span_text(since(c.waiting_since));
  }
  to.line("");
  to.line("WAITING (" + std::to_string(n) + ")  " + names, n > 0 ? "33" : "2");
}

void draw_feed(canvas& to, const demo_stage& stage) {
  to.line("");
  auto& feed = stage.feed();
  auto shown = std::min(to.left(), feed.size());
  for (auto i = feed.size() - shown; i < feed.size(); ++i) to.line("  " + feed[i], "36");
}

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

screen_size terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

std::string draw(const demo_stage& stage, const demo_director& director, steady::time_point begun,
                 screen_size size) {
  canvas to(size);
  draw_counts(to, stage, begun);
  draw_groups(to, stage);
  draw_agents(to, stage, director);
  draw_waiting(to, stage);
  draw_feed(to, stage);
  return to.take();
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
