#include "tools/switchboardctl/inspection/top_frame.hpp"

#include <algorithm>
#include <cstdio>

#include "tools/switchboardctl/field_text.hpp"
#include "tools/switchboardctl/text_table.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

using terminal::count_text;
using terminal::padded;

/// Columns of fixed width, right-aligned but for the first.
struct cell {
  std::string text;
  std::size_t width;
  bool right = true;
};

std::string row_of(const std::vector<cell>& cells) {
  std::string out;
  for (auto& c : cells) out += (out.empty() ? "" : " ") + padded(c.text, c.width, c.right);
  return out;
}

std::string rate_text(double per_second) {
  if (per_second > 0 && per_second < 9.95) {
    std::string text(16, '\0');
    text.resize(
        static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.1f", per_second)));
    return text;
  }
  return count_text(static_cast<std::int64_t>(per_second + 0.5));
}

std::string share_text(double share) {
  std::string text(16, '\0');
  text.resize(static_cast<std::size_t>(
      std::snprintf(text.data(), text.size(), share < 0.995 ? "%.1f%%" : "%.0f%%", share * 100)));
  return text;
}

/// Lines up to the screen's last; what comes after is not shown.
class page {
 public:
  explicit page(const top_view& view) : view_(view) {}
  void line(const std::string& text) {
    if (lines_.size() >= view_.rows) return;
    auto cut = terminal::clipped(text, view_.columns);
    cut.erase(cut.find_last_not_of(' ') + 1);
    lines_.push_back(std::move(cut));
  }
  void rule() { line(std::string(view_.columns, '-')); }
  std::size_t left(std::size_t kept) const {
    const auto used = lines_.size() + kept;
    return used < view_.rows ? view_.rows - used : 0;
  }
  bool wide() const { return view_.columns >= 140; }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  const top_view& view_;
  std::vector<std::string> lines_;
};

double per_second(const top_model& m, const json& now, const json& earlier, std::string_view field,
                  double seconds) {
  if (!m.earlier_status.is_object() || seconds <= 0) return 0;
  return std::max(0.0, static_cast<double>(number(now, field) - number(earlier, field)) / seconds);
}

void head(page& to, const top_model& m, const activity& a, const top_view& view) {
  auto& s = m.daemon.status;
  std::string more;
  if (to.wide())
    more = " of " + std::to_string(a.threads.size()) + " threads, waiting jobs " +
           count_text(a.waiting_jobs);
  to.line("switchboardd " + shown(s, "node") + (to.wide() ? ' ' + shown(s, "version") : "") +
          "  up " + shown_span(s, "uptime_ms") + "  " + m.clock + "  last " +
          latency_text(a.seconds * 1e6) + "  actors " + share_text(a.share) + more +
          (view.paused ? "  PAUSED" : "  READ ONLY"));
  auto& phases = part(s, "sessions");
  auto& before = part(m.earlier_status, "sessions");
  const auto oldest =
      s.is_object() && s.contains("longest_waiting_ms") && s["longest_waiting_ms"].is_number()
          ? ", oldest " + shown_span(s, "longest_waiting_ms")
          : std::string{};
  to.line(
      "waiting " + count_text(number(phases, "waiting")) + oldest + "  offered " +
      count_text(number(phases, "offered")) + "  active " + count_text(number(phases, "active")) +
      "  opened " + rate_text(per_second(m, phases, before, "opened", a.seconds)) + "/s  said " +
      rate_text(per_second(m, s, m.earlier_status, "messages", a.seconds)) + "/s" +
      (to.wide() ? "  assigned " +
                       rate_text(per_second(m, s, m.earlier_status, "assigned", a.seconds)) + "/s"
                 : std::string{}));
  auto& journal = part(s, "journal");
  auto& journal_before = part(m.earlier_status, "journal");
  auto& store = part(s, "store");
  auto used = [&](const char* map) {
    auto& of = part(store, map);
    return std::to_string(number(of, "used") * 100 /
                          std::max<std::int64_t>(number(of, "limit"), 1));
  };
  to.line("journal " + rate_text(per_second(m, journal, journal_before, "durable", a.seconds)) +
          " events/s  projected -" +
          count_text(std::max<std::int64_t>(
              0, number(journal, "durable") - number(journal, "projected"))) +
          "  full " + used("journal") + "%/" + used("state") + "%  clients " +
          count_text(number(s, "connections")) + "  admits " +
          (journal.value("admission", true) ? "yes" : "NO"));
}

std::string kind_head() {
  return row_of({{"KIND", 18, false},
                 {"LIVE", 8},
                 {"MSG/S", 8},
                 {"CPU", 6},
                 {"WAIT p50", 8},
                 {"p99", 6},
                 {"WORK p50", 8},
                 {"p99", 6},
                 {"FAIL", 4}});
}

std::string kind_row(const activity_row& k) {
  return row_of({{k.kind, 18, false},
                 {count_text(k.living), 8},
                 {rate_text(k.per_second), 8},
                 {share_text(k.share), 6},
                 {latency_text(k.wait.p50), 8},
                 {latency_text(k.wait.p99), 6},
                 {latency_text(k.work.p50), 8},
                 {latency_text(k.work.p99), 6},
                 {count_text(k.failed), 4}});
}

std::string message_row(const activity_row& r) {
  return row_of({{r.message, 20, false},
                 {r.kind, 15, false},
                 {rate_text(r.per_second), 7},
                 {latency_text(r.work.p50), 6},
                 {latency_text(r.work.p99), 6},
                 {share_text(r.share), 6}});
}

std::string actor_row(const busy_actor_row& r) {
  return row_of({{r.kind + ' ' + r.key, 42, false},
                 {r.state, 12, false},
                 {rate_text(r.per_second), 6},
                 {share_text(r.share), 6},
                 {count_text(r.waiting), 7}});
}

void actors_and_groups(page& to, const top_model& m, activity a, const top_view& view) {
  using order = top_view::order;
  if (view.by == order::messages)
    std::ranges::stable_sort(a.actors, std::greater<>(), &busy_actor_row::per_second);
  else if (view.by == order::waiting)
    std::ranges::stable_sort(a.actors, std::greater<>(), &busy_actor_row::waiting);
  std::vector<json> groups;
  for (auto& g : part(m.daemon.groups, "groups")) groups.push_back(g);
  std::ranges::stable_sort(groups, std::greater<>(), [](const json& g) {
    return std::pair(number(g, "waiting") > 0 ? number(g, "oldest_ms") : -1, number(g, "waiting"));
  });
  constexpr std::size_t half = 80;
  auto group_head = row_of({{"GROUP", 20, false},
                            {"WAIT", 5},
                            {"OLDEST", 7},
                            {"OFFER", 5},
                            {"ON", 4},
                            {"FREE", 4},
                            {"IN TIME", 7}});
  auto group_row = [](const json& g) {
    auto level = g.find("service_level");
    return row_of({{shown(g, "id"), 20, false},
                   {count_text(number(g, "waiting")), 5},
                   {number(g, "waiting") > 0 ? shown_span(g, "oldest_ms") : "-", 7},
                   {count_text(number(g, "offers_pending")), 5},
                   {count_text(number(g, "online")), 4},
                   {count_text(number(g, "available")), 4},
                   {level != g.end() && level->is_number()
                        ? std::to_string(static_cast<int>(level->get<double>() * 100 + 1e-9)) + '%'
                        : "-",
                    7}});
  };
  const std::string actor_head = row_of(
      {{"ACTOR", 42, false}, {"STATE", 12, false}, {"MSG/S", 6}, {"CPU", 6}, {"WAITING", 7}});
  if (to.wide()) {
    to.line(padded(actor_head, half) + " | " + group_head);
    const auto rows = to.left(2);
    for (std::size_t i = 0; i < rows && i < std::max(a.actors.size(), groups.size()); ++i) {
      to.line(padded(i < a.actors.size() ? actor_row(a.actors[i]) : "", half) + " | " +
              (i < groups.size() ? group_row(groups[i]) : ""));
    }
    return;
  }
  // Narrow: the queues that have somebody in them first, for people wait there.
  to.line(group_head);
  std::size_t shown_groups = 0;
  const auto most = std::max<std::size_t>(2, to.left(2) / 3);
  for (auto& g : groups) {
    if (shown_groups++ == most) break;
    to.line(group_row(g));
  }
  to.line(actor_head);
  const auto rows = to.left(2);
  for (std::size_t i = 0; i < rows && i < a.actors.size(); ++i) to.line(actor_row(a.actors[i]));
}

}  // namespace

std::vector<std::string> top_frame(const top_model& m, const top_view& view) {
  page to(view);
  const auto a = activity_between(m.daemon.activity_before, m.daemon.activity_after);
  head(to, m, a, view);
  const auto trouble = findings_line(examine(m.daemon));
  to.line(trouble.empty() ? "all checks well" : trouble);
  to.rule();
  constexpr std::size_t half = 80;
  const std::size_t kinds = std::min<std::size_t>(a.kinds.size(), view.rows > 40 ? 13 : 7);
  if (to.wide()) {
    to.line(padded(kind_head(), half) + " | " +
            row_of({{"MESSAGE", 20, false},
                    {"TO", 15, false},
                    {"MSG/S", 7},
                    {"WK p50", 6},
                    {"p99", 6},
                    {"CPU", 6}}));
    for (std::size_t i = 0; i < kinds; ++i) {
      to.line(padded(kind_row(a.kinds[i]), half) + " | " +
              (i < a.messages.size() ? message_row(a.messages[i]) : ""));
    }
  } else {
    to.line(kind_head());
    for (std::size_t i = 0; i < kinds; ++i) to.line(kind_row(a.kinds[i]));
  }
  to.rule();
  actors_and_groups(to, m, a, view);
  static constexpr const char* orders[] = {"cpu", "messages", "waiting"};
  while (to.left(1) > 0) to.line("");
  to.line(std::string("q quit  p pause  s sort (by ") + orders[static_cast<int>(view.by)] +
          ")  more: switchboardctl doctor | find | why");
  return to.take();
}

}  // namespace switchboard::ctl
