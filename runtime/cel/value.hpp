#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace switchboard::cel {

/// What a value is at run time. Everything from `string` on lives in a shared immutable box.
enum class kind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  real,
  timestamp,
  duration,
  type,
  string,
  bytes,
  list,
  map,
  error
};

/// The name CEL gives to a kind: `int`, `google.protobuf.Timestamp`, ...
std::string_view name_of(kind which);

/// Why an evaluation failed. Numbers are for logs and metrics, never renumbered.
enum class fault_code : std::uint8_t {
  no_such_overload = 1,
  no_such_key = 2,
  unknown_name = 3,
  overflow = 4,
  divide_by_zero = 5,
  out_of_range = 6,
  bad_argument = 7,
  bad_conversion = 8,
  cost_exceeded = 9,
  host = 10
};

/// A point in time: seconds since the Unix epoch (UTC) and 0..999'999'999 nanoseconds after it.
struct instant {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;

  static instant from(std::chrono::sys_time<std::chrono::nanoseconds> at);
  auto operator<=>(const instant&) const = default;
};

class host_object;
namespace detail {
struct map_box;

/// Shared immutable contents of a value. Counted by `refs`; the last holder deletes it.
struct box {
  std::atomic<std::uint32_t> refs{1};
  virtual ~box() = default;
};
}  // namespace detail

/// A CEL value: 16 bytes, immutable, cheap to copy (boxed contents are shared, counted atomically).
/// Thread-safe to share as any immutable object is. Accessors require the matching kind.
class value {
 public:
  using entry = std::pair<value, value>;

  value() noexcept = default;  ///< null
  value(const value& other) noexcept
      : kind_{other.kind_}, nanoseconds_{other.nanoseconds_}, bits_{other.bits_} {
    if (kind_ >= kind::string) bits_.box->refs.fetch_add(1, std::memory_order_relaxed);
  }
  value(value&& other) noexcept
      : kind_{std::exchange(other.kind_, kind::null)},
        nanoseconds_{other.nanoseconds_},
        bits_{other.bits_} {}
  value& operator=(const value& other) noexcept { return *this = value{other}; }
  value& operator=(value&& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(nanoseconds_, other.nanoseconds_);
    std::swap(bits_, other.bits_);
    return *this;
  }
  ~value() { release(); }

  static value boolean(bool b) noexcept;
  static value integer(std::int64_t i) noexcept;
  static value unsigned_integer(std::uint64_t u) noexcept;
  static value real(double d) noexcept;
  static value timestamp(instant at) noexcept;
  static value duration(std::chrono::nanoseconds d) noexcept;
  static value type(kind which) noexcept;
  static value string(std::string text);
  static value bytes(std::string octets);
  static value list(std::vector<value> items);
  /// Keys must be bool, int, uint or string and differ (1, 1u and 1.0 are one key);
  /// otherwise the text says what is wrong.
  static tl::expected<value, std::string> map(std::vector<entry> entries);
  /// A map with string keys; of equal keys the first one counts.
  static value record(std::vector<std::pair<std::string, value>> fields);
  static value object(std::shared_ptr<const host_object> host);
  /// A failed evaluation. Host functions return it; a condition never holds one in a list or map.
  static value error(fault_code code, std::string message);

  kind which() const noexcept { return kind_; }
  bool is(kind k) const noexcept { return kind_ == k; }
  bool is_error() const noexcept { return kind_ == kind::error; }
  bool is_true() const noexcept { return kind_ == kind::boolean && bits_.boolean; }

  bool as_bool() const noexcept { return bits_.boolean; }
  std::int64_t as_int() const noexcept { return bits_.integer; }
  std::uint64_t as_uint() const noexcept { return bits_.unsigned_integer; }
  double as_double() const noexcept { return bits_.real; }
  instant as_timestamp() const noexcept { return {bits_.integer, nanoseconds_}; }
  std::chrono::nanoseconds as_duration() const noexcept {
    return std::chrono::nanoseconds{bits_.integer};
  }
  kind as_type() const noexcept { return static_cast<kind>(bits_.integer); }
  std::string_view as_text() const noexcept;  ///< string or bytes
  std::span<const value> as_list() const noexcept;

  std::size_t map_size() const;
  std::optional<value> map_find(const value& key) const;
  std::optional<value> map_field(std::string_view key) const;
  std::vector<entry> map_entries() const;  ///< in the order they were written
  std::vector<value> map_keys() const;

  fault_code error_code() const noexcept;
  std::string_view error_message() const noexcept;
  /// INTERNAL: which instruction failed; the program turns it into a column.
  std::uint32_t error_site() const noexcept;
  value error_at(std::uint32_t site) const;

  /// CEL text of the value, cut off after `limit` bytes.
  std::string to_string(std::size_t limit = 65536) const;

 private:
  value(kind k, detail::box* box) noexcept : kind_{k} { bits_.box = box; }
  const detail::map_box& mapped() const noexcept;
  void release() noexcept {
    if (kind_ >= kind::string && bits_.box->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete bits_.box;
  }

  kind kind_ = kind::null;
  std::int32_t nanoseconds_ = 0;
  union bits {
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double real;
    bool boolean;
    detail::box* box;
  } bits_{};
};

/// CEL equality: numbers on one line, different kinds unequal, NaN unequal to itself.
bool operator==(const value& a, const value& b);

}  // namespace switchboard::cel
