#include "adapters/customer_jobs/customer_scan.hpp"

#include <algorithm>

#include "actors/catalog/customer_condition.hpp"
#include "actors/read_model/projection/customer_search.hpp"
#include "actors/read_model/projection/state_keys.hpp"
#include "config/customer_vocabulary.hpp"
#include "runtime/base/wall_time.hpp"
#include "runtime/codec/described.hpp"

namespace switchboard {
namespace {

constexpr std::size_t rows_a_step = 2000;
constexpr std::size_t lines_a_batch = 100;
constexpr std::size_t csv_bytes_a_batch = 32 * 1024;
constexpr std::uint64_t progress_every = 10'000;

class scan {
 public:
  scan(work_stream& to, const cel::program* condition, const std::vector<std::string>* columns)
      : to_(to), condition_(condition), columns_(columns) {}

  void run(const customer_jobs_services& services) {
    of_ = count(services.state);
    if (columns_) csv_ = header();
    bool open = to_.progress(0, of_, 0);
    for (std::string from; open;) {
      auto next = step(*services.state.view(), from, wall_time(services.clock));
      open = send_batches() && report();
      if (next.empty()) break;
      from = std::move(next);
    }
    if (!open || !flush()) return;
    codec::packer p;
    p.str("looked_at").uinteger(looked_at_).str("found").uinteger(found_);
    to_.done(2, p.view());
  }

 private:
  static std::uint64_t count(const store::state& state) {
    std::uint64_t n = 0;
    state.view()->scan(projecting::table::customers, {}, [&](auto, auto) { return ++n > 0; });
    return n;
  }

  std::string header() const {
    std::string out;
    for (auto& c : *columns_) out += (out.empty() ? "" : ",") + csv_cell(c);
    return out + "\r\n";
  }

  /// Answers the key to go on from; empty at the end.
  std::string step(const store::state_view& view, const std::string& from, timestamp now) {
    std::string next;
    std::size_t n = 0;
    view.scan(projecting::table::customers, from,
              [&](std::string_view key, std::string_view packed) {
                if (n++ == rows_a_step) {
                  next = key;
                  return false;
                }
                ++looked_at_;
                customer_record r;
                // Who is merged away is in its survivor.
                if (!codec::unpack(packed, r) || r.merged_into || r.blank()) return true;
                if (condition_ && !holds(*condition_, r, now)) return true;
                ++found_;
                if (columns_)
                  csv_ += csv_row(*columns_, r);
                else
                  lines_.push_back(codec::pack(projecting::line_of(r), codec::audience::client));
                return true;
              });
    return next;
  }

  bool send_batches() {
    while (lines_.size() >= lines_a_batch || csv_.size() >= csv_bytes_a_batch) {
      if (!send_one()) return false;
    }
    return true;
  }
  bool flush() {
    while (!lines_.empty() || !csv_.empty()) {
      if (!send_one()) return false;
    }
    return true;
  }
  bool send_one() {
    codec::packer p;
    if (columns_) {
      // Cut at a row's end, so that every piece is CSV by itself.
      auto end = csv_.find("\r\n", std::min(csv_.size(), csv_bytes_a_batch) - 2) + 2;
      field(p, "csv", std::string_view(csv_).substr(0, end));
      csv_.erase(0, end);
      return to_.send("customer.rows", 1, p.view());
    }
    auto n = std::min(lines_.size(), lines_a_batch);
    p.str("customers").array(static_cast<std::uint32_t>(n));
    for (std::size_t i = 0; i < n; ++i) p.raw(lines_[i]);
    lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(n));
    return to_.send("customer.found", 1, p.view());
  }

  bool report() {
    if (looked_at_ < reported_ + progress_every) return !to_.over();
    reported_ = looked_at_;
    return to_.progress(looked_at_, of_, found_);
  }

  work_stream& to_;
  const cel::program* condition_;
  const std::vector<std::string>* columns_;
  std::vector<std::string> lines_;
  std::string csv_;
  std::uint64_t looked_at_ = 0, found_ = 0, of_ = 0, reported_ = 0;
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (auto& w : words) out += (out.empty() ? "" : ";") + w;
  return out;
}

bool is_number_or_phone(std::string_view text) {
  return text.find_first_not_of("+-0123456789 .()/") == std::string_view::npos;
}

}  // namespace

void scan_customers(const customer_jobs_services& services, work_stream& to,
                    const cel::program* condition, const std::vector<std::string>* columns) {
  scan(to, condition, columns).run(services);
}

std::vector<std::string> csv_columns(const config::dispatch_config& config) {
  std::vector<std::string> out{"customer_id", "member_id", "tags", "channels", "blocked", "leads"};
  for (auto& name : config::profile_field_names(config)) out.push_back(name);
  return out;
}

std::string csv_cell(std::string_view text) {
  std::string out(text);
  bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  if (formula && !is_number_or_phone(text)) out.insert(out.begin(), '\'');
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  for (auto at = out.find('"'); at != std::string::npos; at = out.find('"', at + 2))
    out.insert(at, 1, '"');
  return '"' + out + '"';
}

std::string csv_row(const std::vector<std::string>& columns, const customer_record& r) {
  auto line = projecting::line_of(r);
  auto fields = fields_of(r.profile);
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& c = columns[i];
    std::string text;
    if (c == "customer_id")
      text = line.customer_id;
    else if (c == "member_id")
      text = line.member_id;
    else if (c == "tags")
      text = joined(line.tags);
    else if (c == "channels")
      text = joined(line.channels);
    else if (c == "blocked")
      text = line.blocked;
    else if (c == "leads")
      text = std::to_string(line.leads);
    else if (auto it = fields.find(c); it != fields.end())
      text = it->second->value;
    out += (i == 0 ? "" : ",") + csv_cell(text);
  }
  return out + "\r\n";
}

}  // namespace switchboard
