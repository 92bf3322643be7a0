#pragma once

#include <map>
#include <optional>
#include <string>

#include "adapters/center_http/center_service.hpp"
#include "adapters/center_http/path_template.hpp"
#include "adapters/center_http/record_mapping.hpp"
#include "config/center_mapping.hpp"

/// INTERNAL to this room: one center's requests, ready to be sent.
namespace switchboard::center {

class http_requests {
 public:
  static result<http_requests> make(std::string_view center, const config::center_mapping& mapping,
                                    std::shared_ptr<center_service> service);

  bool has(const std::string& request) const { return paths_.contains(request); }
  bool uses(const std::string& request, std::string_view value) const {
    auto at = paths_.find(request);
    return at != paths_.end() && at->second.uses(value);
  }
  const config::center_mapping& mapping() const { return mapping_; }
  center_service& service() const { return *service_; }

  /// `read` makes the value of the answer's part where the request's records lie (null where the
  /// service has none); `then` is told it, or why there is none.
  template <class T, class Read>
  void ask(const std::string& request, const std::map<std::string, std::string>& values,
           freshness f, Read read, when_answered<T> then) const {
    const auto& at = mapping_.requests.find(request)->second.at;
    service_->fetch(paths_.find(request)->second.expand(values), f,
                    [read = std::move(read), then = std::move(then), at](answered<document> a) {
                      if (!a.value) return then({tl::unexpected(a.value.error()), a.age});
                      static const json nothing;
                      const json& whole = *a.value ? **a.value : nothing;
                      then({read(whole, at), a.age});
                    });
  }

 private:
  config::center_mapping mapping_;
  std::map<std::string, path_template> paths_;
  std::shared_ptr<center_service> service_;
};

template <class Record>
using record_reader = result<Record> (*)(const json&, const config::center_mapping&);

/// All records at `at`, each read by `read_one`.
template <class Record>
result<std::vector<Record>> all_of(const json& whole, const std::string& at,
                                   const config::center_mapping& mapping,
                                   record_reader<Record> read_one) {
  auto records = records_at(whole, at);
  if (!records) return tl::unexpected(records.error());
  std::vector<Record> out;
  for (const auto& one : *records) {
    auto record = read_one(one, mapping);
    if (!record) return tl::unexpected(record.error());
    out.push_back(std::move(*record));
  }
  return out;
}

/// For `ask`: all records, or the only one.
template <class Record> auto records(const http_requests* to, record_reader<Record> read_one) {
  return [to, read_one](const json& whole, const std::string& at) {
    return all_of(whole, at, to->mapping(), read_one);
  };
}
template <class Record> auto one_record(const http_requests* to, record_reader<Record> read_one) {
  return [to, read_one](const json& whole, const std::string& at) -> result<std::optional<Record>> {
    auto found = all_of(whole, at, to->mapping(), read_one);
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) return std::optional<Record>();
    return std::optional<Record>(std::move(found->front()));
  };
}

}  // namespace switchboard::center
