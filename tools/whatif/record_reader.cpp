#include <algorithm>
#include <fstream>

#include "adapters/center/csv_reader.hpp"
#include "config/quantity.hpp"
#include "config/time_of_day.hpp"
#include "tools/whatif/model_sections.hpp"

/// Arrivals as they were: CSV with the columns at, request, and if wanted handle and patience.
namespace switchboard::whatif {
namespace {

constexpr std::size_t most_rows = 10'000'000;

/// Seconds, or a duration such as 5m30s; in milliseconds.
std::optional<double> span_of(const std::string& text) {
  if (const auto seconds = config::parse_number(text)) return *seconds * 1000;
  if (const auto span = config::parse_duration(text)) return static_cast<double>(span->count());
  return {};
}

/// Since the start: seconds, or the time a clock on the contact center's wall shows, "2026-11-02
/// 08:00:05".
std::optional<std::int64_t> moment_of(const std::string& text, const deployment_model& model) {
  if (const auto seconds = config::parse_number(text)) {
    return static_cast<std::int64_t>(*seconds * 1000);
  }
  if (text.size() < 16 || !config::is_date(text.substr(0, 10))) return {};
  const auto minute = config::minute_of_day(text.substr(11, 5));
  double seconds = 0;
  if (text.size() > 16) {
    const auto rest = config::parse_number(text.substr(17));
    if (text[16] != ':' || !rest || *rest < 0 || *rest >= 61) return {};
    seconds = *rest;
  }
  if (!minute) return {};
  const auto at = moment_at(text.substr(0, 10), *minute, model.timezone);
  return (at - model.start).count() + static_cast<std::int64_t>(seconds * 1000);
}

class record_reader {
 public:
  record_reader(deployment_model& out, config::error_list& errors) : out_(out), errors_(errors) {
    for (const auto& c : out.requests) names_.push_back(c.name);
  }

  bool columns(const std::vector<std::string>& titles) {
    for (std::size_t i = 0; i < titles.size(); ++i) {
      const auto known = std::ranges::find(columns_, titles[i]);
      if (known == columns_.end()) {
        errors_.add(1, titles[i], config::unknown_name("column", titles[i], columns_));
      } else {
        at_[static_cast<std::size_t>(known - columns_.begin())] = static_cast<int>(i);
      }
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (at_[i] < 0) errors_.add(1, columns_[i], "the column is missing");
    }
    return errors_.empty();
  }

  void row(const std::vector<std::string>& fields, int line) {
    recorded_arrival r;
    const auto at = moment_of(field(fields, 0), out_);
    if (!at) {
      errors_.add(line, "at", "expected seconds since the start, or \"2026-11-02 08:00:05\"");
    } else if (*at < 0) {
      errors_.add(line, "at", "before the model's start");
    } else {
      r.at_ms = *at;
    }
    const auto name = std::ranges::find(names_, field(fields, 1));
    if (name == names_.end()) {
      errors_.add(line, "request", config::unknown_name("request", field(fields, 1), names_));
    } else {
      r.of = static_cast<std::uint32_t>(name - names_.begin());
    }
    span(fields, 2, line, r.handle_ms);
    span(fields, 3, line, r.patience_ms);
    out_.recorded.push_back(r);
  }

 private:
  std::string field(const std::vector<std::string>& fields, std::size_t column) const {
    const auto at = static_cast<std::size_t>(at_[column]);
    return at_[column] >= 0 && at < fields.size() ? fields[at] : std::string();
  }

  void span(const std::vector<std::string>& fields, std::size_t column, int line, double& out) {
    const auto text = field(fields, column);
    if (text.empty()) return;
    const auto ms = span_of(text);
    if (!ms || *ms < 0) {
      return errors_.add(line, columns_[column], "expected seconds, or a duration such as 5m30s");
    }
    out = *ms;
  }

  deployment_model& out_;
  config::error_list& errors_;
  std::vector<std::string> names_;
  const std::vector<std::string> columns_{"at", "request", "handle", "patience"};
  int at_[4] = {-1, -1, -1, -1};
};

}  // namespace

void read_record(const std::string& path, deployment_model& out, config::error_list& errors) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return errors.add(0, {}, "cannot be read");
  center::csv_reader csv(in);
  record_reader rows(out, errors);
  std::vector<std::string> fields;
  using outcome = center::csv_reader::outcome;
  if (csv.next(fields) != outcome::record) return errors.add(1, {}, "expected a line of titles");
  if (!rows.columns(fields)) return;
  for (;;) {
    const auto got = csv.next(fields);
    if (got == outcome::end) break;
    if (got == outcome::broken) return errors.add(csv.line(), {}, csv.problem());
    if (out.recorded.size() >= most_rows)
      return errors.add(csv.line(), {}, "more than 10,000,000 rows");
    rows.row(fields, csv.line());
  }
  if (out.recorded.empty()) return errors.add(0, {}, "holds no arrival");
  std::ranges::stable_sort(out.recorded, {}, &recorded_arrival::at_ms);
}

}  // namespace switchboard::whatif
