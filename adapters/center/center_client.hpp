#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/center/center.hpp"
#include "adapters/center/import_report.hpp"

namespace switchboard::center {

/// What came of a question, and how old it is: not 0 when it was kept from an earlier one.
template <class T> struct answered {
  result<T> value;
  millis age{0};
};
template <class T> using when_answered = std::function<void(answered<T>)>;

/// How one center does, for people and for metrics.
struct center_health {
  bool remote = false;
  /// Where it is; empty for an embedded one.
  std::string place;
  /// closed, open or half_open; embedded centers have no breaker and are always closed.
  std::string breaker = "closed";
  timestamp breaker_since{};
  timestamp retry_at{};
  std::uint64_t asked = 0, answered = 0, failed = 0, timed_out = 0, refused = 0;
  /// Not sent: the breaker was open, or too many were waiting.
  std::uint64_t kept_back = 0;
  std::uint64_t retries = 0, from_cache = 0, stale = 0;
  std::size_t in_flight = 0, waiting = 0, connections = 0, cached = 0;
  std::int64_t p50_ms = 0, p99_ms = 0;
  std::string last_trouble;
  timestamp last_trouble_at{};
};

enum class freshness : std::uint8_t {
  /// An answer kept from before will do while it is fresh.
  kept,
  /// Ask the service, and take what is kept only where it does not answer.
  asked_anew,
};

/// The four centers as actors ask them: nothing waits, each answer comes by a call, within the
/// center's own deadline, on whatever thread (embedded: at once, on the caller's). Thread-safe.
class center_client {
 public:
  virtual ~center_client() = default;
  virtual void find_member(const member_keys& keys, when_answered<member_lookup> then) = 0;
  virtual void tags_of_member(const std::string& member_id,
                              when_answered<std::vector<std::string>> then) = 0;
  virtual void tags_of_identity(const std::string& channel, const std::string& customer_id,
                                when_answered<std::vector<std::string>> then) = 0;
  virtual void find_product(const std::string& id,
                            when_answered<std::optional<product_record>> then) = 0;
  virtual void search_products(const std::string& text, std::size_t most,
                               when_answered<std::vector<product_record>> then) = 0;
  virtual void find_order(const std::string& id, freshness f,
                          when_answered<std::optional<order_record>> then) = 0;
  virtual void orders_of(const std::string& member_id, const order_query& query, freshness f,
                         when_answered<std::vector<order_record>> then) = 0;
  virtual void open_orders(const std::string& member_id, when_answered<std::size_t> then) = 0;
  virtual void bought_together(const std::vector<std::string>& product_ids, std::size_t most,
                               when_answered<std::vector<companion>> then) = 0;
  virtual center_health health(center_kind kind) const = 0;
};

/// Centers that answer at once, as they are asked.
std::shared_ptr<center_client> immediate_center_client(std::shared_ptr<const center_set> centers);

}  // namespace switchboard::center
