#include "config/center_section.hpp"

#include <deque>

#include "config/option_field.hpp"
#include "config/spans.hpp"

namespace switchboard::config {
namespace {

using o = daemon_options;

/// Keys that are put together live as long as the table.
std::string_view key_of(std::string_view center, std::string_view name) {
  static std::deque<std::string> kept;
  return kept.emplace_back("centers." + std::string(center) + "." + std::string(name));
}

/// The options of one center; `at` finds them in centers_options.
std::vector<option> declare_one(std::string_view center, center_options centers_options::*at) {
  auto key = [&](std::string_view name) { return key_of(center, name); };
  auto field = [at](auto member) {
    return [at, member](o& x) { return &(x.centers.*at.*member); };
  };
  using c = center_options;
  return {
      choice(key("kind"), "embedded", {"embedded", "http"}, restart, field(&c::kind),
             "Where it is: in this daemon's folder, or a service of the company's."),
      text(key("url"), "http://127.0.0.1:8080", restart, field(&c::url),
           "The service, http or https; requests begin with its path."),
      path(key("mapping"), "", restart, field(&c::mapping),
           "How it is asked and its answers are read; empty is our own form."),
      choice(key("auth"), "none", {"none", "bearer", "hmac"}, restart, field(&c::auth),
             "How we prove who asks."),
      text(key("key_id"), "switchboard", restart, field(&c::key_id), "Which key signs; with hmac."),
      text(key("secret_env"), "SWITCHBOARD_CENTER_SECRET", restart, field(&c::secret_env),
           "The environment variable that holds the secret, where there is no file."),
      path(key("secret_file"), "", restart, field(&c::secret_file),
           "The file that holds it, which nobody else may read (0600)."),
      duration(key("deadline"), "2s", millis{10}, minute, restart, field(&c::deadline),
               "From a question to its answer, retries included."),
      number(key("connections"), "8", 1, 256, restart, field(&c::connections),
             "Calls to it at once."),
      duration(key("fresh_for"), "30s", none, day, restart, field(&c::fresh_for),
               "How long an answer is as good as a new one."),
  };
}

std::vector<option> declare_http() {
  using h = center_http_options;
  auto field = [](auto member) { return [member](o& x) { return &(x.centers.http.*member); }; };
  return {
      path("centers.http.ca_file", "", restart, field(&h::ca_file),
           "Certificates trusted besides the system's, PEM."),
      number("centers.http.waiting", "256", 0, 100'000, restart, field(&h::waiting),
             "Calls that wait for a connection before more are refused, of each center."),
      number("centers.http.retries", "1", 0, 5, restart, field(&h::retries),
             "How often a failed call is tried again."),
      duration("centers.http.retry_pause", "30ms", millis{1}, 10 * second, restart,
               field(&h::retry_pause),
               "Before the first retry, less a random part; doubled before the next."),
      number("centers.http.breaker_window", "10", 2, 1000, restart, field(&h::breaker_window),
             "The latest calls that are judged; half of them are enough."),
      number("centers.http.breaker_percent", "50", 1, 100, restart, field(&h::breaker_percent),
             "When so many of a hundred failed, the service is left alone."),
      duration("centers.http.breaker_pause", "5s", millis{10}, hour, restart,
               field(&h::breaker_pause), "For so long; doubled each time it still fails."),
      duration("centers.http.breaker_longest_pause", "1m", millis{10}, hour, restart,
               field(&h::breaker_longest_pause), "But never longer."),
      number("centers.http.breaker_probes", "2", 1, 100, restart, field(&h::breaker_probes),
             "Calls that must succeed one after another before all go again."),
      duration("centers.http.stale_after", "150ms", millis{1}, minute, restart,
               field(&h::stale_after),
               "With an older answer at hand, how long a new one is waited for."),
      duration("centers.http.stale_for", "1h", none, 30 * day, restart, field(&h::stale_for),
               "How old an answer may be that stands in for a missing one."),
      number("centers.http.cache_entries", "10000", 0, 10'000'000, restart,
             field(&h::cache_entries), "Answers kept, of each center."),
      size("centers.http.answer_bytes", "1MiB", kib, 64 * mib, restart, field(&h::answer_bytes),
           "The longest answer taken."),
  };
}

}  // namespace

std::vector<option> declare_centers() {
  std::vector<option> out{
      path(
          "centers.dir", "/var/lib/switchboard/centers", restart,
          [](o& x) { return &x.centers.dir; }, "The folder of the embedded centers."),
      duration(
          "centers.credit_every", "5m", millis{100}, day, restart,
          [](o& x) { return &x.centers.credit_every; },
          "How often orders are looked through for products that agents showed."),
      duration(
          "centers.credit_within", "7d", minute, 90 * day, restart,
          [](o& x) { return &x.centers.credit_within; },
          "For so long after it was shown, an order of a product is the agent's credit."),
  };
  constexpr std::pair<std::string_view, center_options centers_options::*> centers[] = {
      {"member", &centers_options::member},
      {"tag", &centers_options::tag},
      {"product", &centers_options::product},
      {"trade", &centers_options::trade}};
  for (const auto& [name, at] : centers) {
    for (auto& one : declare_one(name, at)) out.push_back(std::move(one));
  }
  for (auto& one : declare_http()) out.push_back(std::move(one));
  return out;
}

}  // namespace switchboard::config
