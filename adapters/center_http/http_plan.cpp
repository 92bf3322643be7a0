#include "adapters/center_http/http_plan.hpp"

#include "adapters/center_http/path_template.hpp"

namespace switchboard::center {
namespace {

using config::center_options;

class planner {
 public:
  planner(std::string name, const center_options& one, const config::center_http_options& all,
          config::config_errors& errors)
      : x_name(std::move(name)), x_one(one), x_all(all), x_errors(errors) {}

  http_center_plan plan() {
    http_center_plan out;
    auto& s = out.service;
    out.mapping = mapping();
    s.pool.endpoint = endpoint();
    s.pool.ca_file = x_all.ca_file;
    s.pool.answer_bytes = static_cast<std::size_t>(x_all.answer_bytes);
    s.proof = proof();
    s.deadline = x_one.deadline;
    s.stale_after = x_all.stale_after;
    s.in_flight = static_cast<std::size_t>(x_one.connections);
    s.waiting = static_cast<std::size_t>(x_all.waiting);
    s.breaker = {x_all.breaker_window, x_all.breaker_percent, x_all.breaker_pause,
                 x_all.breaker_longest_pause, x_all.breaker_probes};
    s.retry = {x_all.retries, x_all.retry_pause};
    s.cache.fresh_for = x_one.fresh_for;
    s.cache.stale_for = x_all.stale_for;
    s.cache.entries = static_cast<std::size_t>(x_all.cache_entries);
    return out;
  }

 private:
  void refuse(const char* option, std::string message) {
    x_errors.push_back({"", 0, "centers." + x_name + "." + option, std::move(message)});
  }

  http_endpoint endpoint() {
    auto read = parse_endpoint(x_one.url);
    if (read) return std::move(*read);
    refuse("url", read.error().message);
    return {};
  }

  config::center_mapping mapping() {
    if (x_one.mapping.empty()) return config::default_mapping(x_name);
    auto read = config::load_mapping(x_name, x_one.mapping);
    if (!read) {
      x_errors.insert(x_errors.end(), read.error().begin(), read.error().end());
      return {};
    }
    for (const auto& form : config::mapping_form_of(x_name).requests) {
      auto at = read->requests.find(form.name);
      if (at == read->requests.end()) continue;
      if (auto path = path_template::parse(at->second.path, form.values); !path) {
        x_errors.push_back(
            {x_one.mapping, 0, "requests." + form.name + ".path", path.error().message});
      }
    }
    return std::move(*read);
  }

  credential proof() {
    credential out;
    if (x_one.auth == "none") return out;
    out.kind = x_one.auth == "bearer" ? credential_kind::bearer : credential_kind::hmac;
    out.key_id = x_one.key_id;
    auto secret = read_secret(x_one.secret_env, x_one.secret_file);
    if (secret)
      out.secret = std::move(*secret);
    else
      refuse(x_one.secret_file.empty() ? "secret_env" : "secret_file", secret.error().message);
    return out;
  }

  std::string x_name;
  const center_options& x_one;
  const config::center_http_options& x_all;
  config::config_errors& x_errors;
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
