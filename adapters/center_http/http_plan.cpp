#include "adapters/center_http/http_plan.hpp"

#include "adapters/center_http/path_template.hpp"

namespace switchboard::center {
namespace {

using config::center_options;

class planner {
 public:
  planner(std::string name, const center_options& one, const config::center_http_options& all,
          config::config_errors& errors)
      : name_(std::move(name)), one_(one), all_(all), errors_(errors) {}

  http_center_plan plan() {
    http_center_plan out;
    auto& s = out.service;
    out.mapping = mapping();
    s.pool.endpoint = endpoint();
    s.pool.ca_file = all_.ca_file;
    s.pool.answer_bytes = static_cast<std::size_t>(all_.answer_bytes);
    s.proof = proof();
    s.deadline = one_.deadline;
    s.stale_after = all_.stale_after;
    s.in_flight = static_cast<std::size_t>(one_.connections);
    s.waiting = static_cast<std::size_t>(all_.waiting);
    s.breaker = {all_.breaker_window, all_.breaker_percent, all_.breaker_pause,
                 all_.breaker_longest_pause, all_.breaker_probes};
    s.retry = {all_.retries, all_.retry_pause};
    s.cache.fresh_for = one_.fresh_for;
    s.cache.stale_for = all_.stale_for;
    s.cache.entries = static_cast<std::size_t>(all_.cache_entries);
    return out;
  }

 private:
  void refuse(const char* option, std::string message) {
    errors_.push_back({"", 0, "centers." + name_ + "." + option, std::move(message)});
  }

  http_endpoint endpoint() {
    auto read = parse_endpoint(one_.url);
    if (read) return std::move(*read);
    refuse("url", read.error().message);
    return {};
  }

  config::center_mapping mapping() {
    if (one_.mapping.empty()) return config::default_mapping(name_);
    auto read = config::load_mapping(name_, one_.mapping);
    if (!read) {
      errors_.insert(errors_.end(), read.error().begin(), read.error().end());
      return {};
    }
    for (const auto& form : config::mapping_form_of(name_).requests) {
      auto at = read->requests.find(form.name);
      if (at == read->requests.end()) continue;
      if (auto path = path_template::parse(at->second.path, form.values); !path) {
        errors_.push_back(
            {one_.mapping, 0, "requests." + form.name + ".path", path.error().message});
      }
    }
    return std::move(*read);
  }

  credential proof() {
    credential out;
    if (one_.auth == "none") return out;
    out.kind = one_.auth == "bearer" ? credential_kind::bearer : credential_kind::hmac;
    out.key_id = one_.key_id;
    auto secret = read_secret(one_.secret_env, one_.secret_file);
    if (secret)
      out.secret = std::move(*secret);
    else
      refuse(one_.secret_file.empty() ? "secret_env" : "secret_file", secret.error().message);
    return out;
  }

  std::string name_;
  const center_options& one_;
  const config::center_http_options& all_;
  config::config_errors& errors_;
};

}  // namespace

config::checked<http_plan> plan_http_centers(const config::daemon_options& options) {
  http_plan out;
  config::config_errors errors;
  const auto& c = options.centers;
  auto plan = [&](center_kind kind, const char* name, const center_options& one) {
    if (one.kind != "http") return;
    out[static_cast<std::size_t>(kind)] = planner(name, one, c.http, errors).plan();
  };
  plan(center_kind::member, "member", c.member);
  plan(center_kind::tag, "tag", c.tag);
  plan(center_kind::product, "product", c.product);
  plan(center_kind::order, "trade", c.trade);
  if (!errors.empty()) return tl::unexpected(errors);
  return out;
}

}  // namespace switchboard::center
