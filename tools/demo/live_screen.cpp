#include "tools/demo/live_screen.hpp"

#include <algorithm>

#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::demo {
namespace {

using terminal::padded;
using terminal::span_text;

/// SGR parameters.
constexpr auto title = "1;7", heading = "1", warns = "33", talks = "36", faint = "2", command = "1";

struct line {
  std::string text;
  const char* style = nullptr;
};
using lines = std::vector<line>;

std::string number(std::size_t n) {
  return std::to_string(n);
}

lines counts_of(const live_screen& s, std::size_t columns) {
  const std::string left = " Switchboard demo  " + span_text(s.elapsed_ms),
                    right = "Ctrl-C ends it ";
  const auto used = terminal::width(left) + right.size();
  auto bar = used < columns ? left + std::string(columns - used, ' ') + right : left;
  return {{bar, title},
          {"sessions  to come " + number(s.to_come) + "  waiting " + number(s.waiting) +
           "  offered " + number(s.offered) + "  active " + number(s.active) + "  closed " +
           number(s.closed) + "  of " + number(s.planned)},
          {"messages  " + number(s.messages) + "  lost " + number(s.lost) + "  doubled " +
           number(s.doubled) + "  longest wait " + span_text(s.longest_wait_ms) + "  transfers " +
           number(s.transfers) + "  ratings " + number(s.ratings)},
          {}};
}

/// Always as many lines, so that what stands below does not jump.
lines waiters_of(const live_screen& s, std::size_t most) {
  lines out{{"WAITING (" + number(s.waiters.size()) + ")", heading}};
  const auto hides = s.waiters.size() > most;
  const auto shown = hides ? most - 1 : s.waiters.size();
  for (std::size_t i = 0; i < shown; ++i) {
    auto& w = s.waiters[i];
    auto about = w.offered_to.empty() ? w.about : "offered to " + w.offered_to;
    out.push_back({"  " + padded(span_text(w.waited_ms), 6, true) + "  " + padded(w.customer, 18) +
                       "  " + padded(w.group, 14) + "  " + about,
                   warns});
  }
  if (hides) out.push_back({"          and " + number(s.waiters.size() - shown) + " more", warns});
  if (s.waiters.empty()) out.push_back({"  nobody", faint});
  out.resize(most + 1);
  return out;
}

lines said_of(const live_screen& s, std::size_t most) {
  lines out{{"SAID", heading}};
  const auto shown = std::min(most, s.said.size());
  for (auto i = s.said.size() - shown; i < s.said.size(); ++i)
    out.push_back({"  " + s.said[i], talks});
  out.resize(most + 1);
  return out;
}

lines groups_of(const live_screen& s) {
  lines out{
      {padded("GROUP", 18) + padded("WAITING", 9, true) + padded("SERVED", 9, true), heading}};
  for (auto& g : s.groups) {
    out.push_back({padded(g.name, 18) + padded(number(g.waiting), 9, true) +
                       padded(number(g.served), 9, true),
                   g.waiting > 0 ? warns : nullptr});
  }
  return out;
}

lines agents_of(const live_screen& s) {
  lines out{{padded("AGENT", 18) + padded("STATE", 14) + padded("LOAD", 7) + "SERVES", heading}};
  for (auto& a : s.agents) {
    std::string names;
    for (auto& n : a.serves) names += (names.empty() ? "" : ", ") + n;
    out.push_back({padded(a.name, 18) + padded(a.state, 14) +
                       padded(number(a.serves.size()) + '/' + std::to_string(a.capacity), 7) +
                       names,
                   a.serves.empty() ? faint : nullptr});
  }
  return out;
}

lines groups_folded(const live_screen& s) {
  std::string text;
  std::size_t waiting = 0;
  for (auto& g : s.groups) {
    waiting += g.waiting;
    if (g.waiting + g.served > 0)
      text += "  " + g.name + ' ' + number(g.waiting) + '+' + number(g.served);
  }
  return {{"groups  waiting+served:" + (text.empty() ? "  none" : text),
           waiting > 0 ? warns : nullptr}};
}

lines agents_folded(const live_screen& s) {
  std::size_t serving = 0, free = 0, sessions = 0;
  int room = 0;
  for (auto& a : s.agents) {
    sessions += a.serves.size();
    room += a.capacity;
    if (!a.serves.empty())
      ++serving;
    else if (a.state == "online")
      ++free;
  }
  return {{"agents  " + number(s.agents.size()) + ": serving " + number(serving) + ", free " +
           number(free) + ", not there " + number(s.agents.size() - serving - free) + "; load " +
           number(sessions) + '/' + std::to_string(room)}};
}

lines hint_of(const live_screen& s) {
  if (s.hints.empty()) return {};
  constexpr long long each_ms = 8'000;
  auto& h = s.hints[static_cast<std::size_t>(s.elapsed_ms / each_ms) % s.hints.size()];
  return {{"try  " + h.command + "   " + h.what, command}};
}

void append(lines& to, lines more) {
  std::ranges::move(more, std::back_inserter(to));
}

/// One column, of exactly so many lines.
lines column_of(const live_screen& s, std::size_t rows, lines below) {
  lines out;
  const auto fixed = below.size() + 4;  // two headings, two blanks
  const auto room = rows > fixed ? rows - fixed : 0;
  const auto waiters = std::clamp<std::size_t>(room * 2 / 5, 1, 12);
  append(out, waiters_of(s, waiters));
  out.push_back({});
  append(out, said_of(s, room > waiters ? room - waiters : 1));
  out.push_back({});
  append(out, std::move(below));
  return out;
}

class canvas {
 public:
  canvas(screen_size size, bool styled) : size_(size), styled_(styled) {}

  void put(const line& left) {
    if (!begin_row()) return;
    draw(left, size_.columns, false);
    out_ += "\x1b[K";
  }
  void put(const line& left, std::size_t columns, const line& right) {
    if (!begin_row()) return;
    draw(left, columns, true);
    out_ += "  ";
    draw(right, size_.columns - columns - 2, false);
    out_ += "\x1b[K";
  }
  std::size_t left() const { return size_.rows - rows_; }
  std::string take() { return std::move(out_); }

 private:
  bool begin_row() {
    if (rows_ >= size_.rows) return false;
    if (rows_++ > 0) out_ += "\r\n";
    return true;
  }
  void draw(const line& what, std::size_t columns, bool filled) {
    auto text = filled ? padded(what.text, columns) : terminal::clipped(what.text, columns);
    out_ +=
        what.style && styled_ ? std::string("\x1b[") + what.style + 'm' + text + "\x1b[0m" : text;
  }

  screen_size size_;
  bool styled_;
  std::size_t rows_ = 0;
  std::string out_;
};

}  // namespace

std::string draw(const live_screen& s, screen_size size, bool styled) {
  canvas to(size, styled);
  for (auto& l : counts_of(s, size.columns)) to.put(l);
  const auto hint = hint_of(s);
  const auto rows = to.left() > hint.size() ? to.left() - hint.size() : 0;
  constexpr std::size_t two_columns = 130;
  if (size.columns >= two_columns) {
    const auto left = column_of(s, rows, {});
    auto right = groups_of(s);
    right.push_back({});
    append(right, agents_of(s));
    right.resize(std::max(right.size(), rows));
    for (std::size_t i = 0; i < rows; ++i)
      to.put(i < left.size() ? left[i] : line{}, size.columns * 11 / 20, right[i]);
  } else {
    auto below = groups_of(s);
    below.push_back({});
    append(below, agents_of(s));
    constexpr std::size_t talk = 20;  // what stands above keeps at least so many
    if (below.size() + talk > rows) {
      below = groups_folded(s);
      append(below, agents_folded(s));
    }
    for (auto& l : column_of(s, rows, std::move(below))) to.put(l);
  }
  for (auto& l : hint) to.put(l);
  return to.take();
}

}  // namespace switchboard::demo
