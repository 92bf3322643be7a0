#include "runtime/cel/value.hpp"

#include <array>

#include "runtime/cel/box.hpp"

namespace switchboard::cel {

namespace {

const detail::text_box& text_of(const detail::box* b) {
  return *static_cast<const detail::text_box*>(b);
}

}  // namespace

std::string_view name_of(kind which) {
  static constexpr std::array<std::string_view, 13> names{"null_type",
                                                          "bool",
                                                          "int",
                                                          "uint",
                                                          "double",
                                                          "google.protobuf.Timestamp",
                                                          "google.protobuf.Duration",
                                                          "type",
                                                          "string",
                                                          "bytes",
                                                          "list",
                                                          "map",
                                                          "error"};
  return names[static_cast<std::size_t>(which)];
}

instant instant::from(std::chrono::sys_time<std::chrono::nanoseconds> at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  return {whole.time_since_epoch().count(), static_cast<std::int32_t>((at - whole).count())};
}

value value::boolean(bool b) noexcept {
  value v;
  v.kind_ = kind::boolean;
  v.bits_.boolean = b;
  return v;
}

value value::integer(std::int64_t i) noexcept {
  value v;
  v.kind_ = kind::integer;
  v.bits_.integer = i;
  return v;
}

value value::unsigned_integer(std::uint64_t u) noexcept {
  value v;
  v.kind_ = kind::unsigned_integer;
  v.bits_.unsigned_integer = u;
  return v;
}

value value::real(double d) noexcept {
  value v;
  v.kind_ = kind::real;
  v.bits_.real = d;
  return v;
}

value value::timestamp(instant at) noexcept {
  value v;
  v.kind_ = kind::timestamp;
  v.nanoseconds_ = at.nanoseconds;
  v.bits_.integer = at.seconds;
  return v;
}

value value::duration(std::chrono::nanoseconds d) noexcept {
  value v;
  v.kind_ = kind::duration;
  v.bits_.integer = d.count();
  return v;
}

value value::type(kind which) noexcept {
  value v;
  v.kind_ = kind::type;
  v.bits_.integer = static_cast<std::int64_t>(which);
  return v;
}

value value::string(std::string text) {
  return {kind::string, new detail::text_box{std::move(text)}};
}

value value::bytes(std::string octets) {
  return {kind::bytes, new detail::text_box{std::move(octets)}};
}

value value::list(std::vector<value> items) {
  return {kind::list, new detail::list_box{std::move(items)}};
}

tl::expected<value, std::string> value::map(std::vector<entry> entries) {
  auto box = std::make_unique<detail::map_box>();
  box->reserve(entries.size());
  for (auto& [key, item] : entries) {
    const auto k = key.which();
    if (k != kind::boolean && k != kind::integer && k != kind::unsigned_integer &&
        k != kind::string)
      return tl::make_unexpected("unsupported key type: " + std::string{name_of(k)});
    if (!box->insert(key, std::move(item)))
      return tl::make_unexpected("repeated key: " + key.to_string(64));
  }
  return value{kind::map, box.release()};
}

value value::record(std::vector<std::pair<std::string, value>> fields) {
  auto box = std::make_unique<detail::map_box>();
  box->reserve(fields.size());
  for (auto& [key, item] : fields) box->insert(string(std::move(key)), std::move(item));
  return {kind::map, box.release()};
}

value value::object(std::shared_ptr<const host_object> host) {
  auto box = std::make_unique<detail::map_box>();
  box->host = std::move(host);
  return {kind::map, box.release()};
}

value value::error(fault_code code, std::string message) {
  return {kind::error, new detail::error_box{code, std::move(message), detail::map_box::nobody}};
}

std::string_view value::as_text() const noexcept {
  return text_of(bits_.box).text;
}

std::span<const value> value::as_list() const noexcept {
  return static_cast<const detail::list_box*>(bits_.box)->items;
}

const detail::map_box& value::mapped() const noexcept {
  return *static_cast<const detail::map_box*>(bits_.box);
}

std::size_t value::map_size() const {
  const auto& m = mapped();
  return m.host ? m.host->fields().size() : m.entries.size();
}

std::optional<value> value::map_find(const value& key) const {
  const auto& m = mapped();
  if (m.host) {
    if (!key.is(kind::string)) return std::nullopt;
    return m.host->find(key.as_text());
  }
  const auto* found = m.find(key);
  return found ? std::optional{*found} : std::nullopt;
}

std::optional<value> value::map_field(std::string_view key) const {
  const auto& m = mapped();
  if (m.host) return m.host->find(key);
  const auto* found = m.find(key);
  return found ? std::optional{*found} : std::nullopt;
}

std::vector<value::entry> value::map_entries() const {
  const auto& m = mapped();
  if (!m.host) return m.entries;
  std::vector<entry> out;
  for (auto& field : m.host->fields()) {
    auto item = m.host->find(field);
    if (item) out.emplace_back(string(std::move(field)), std::move(*item));
  }
  return out;
}

std::vector<value> value::map_keys() const {
  const auto& m = mapped();
  std::vector<value> out;
  if (m.host) {
    for (auto& field : m.host->fields()) out.push_back(string(std::move(field)));
  } else {
    out.reserve(m.entries.size());
    for (const auto& e : m.entries) out.push_back(e.first);
  }
  return out;
}

fault_code value::error_code() const noexcept {
  return static_cast<const detail::error_box*>(bits_.box)->code;
}

std::string_view value::error_message() const noexcept {
  return static_cast<const detail::error_box*>(bits_.box)->message;
}

std::uint32_t value::error_site() const noexcept {
  return static_cast<const detail::error_box*>(bits_.box)->site;
}

value value::error_at(std::uint32_t site) const {
  return {kind::error, new detail::error_box{error_code(), std::string{error_message()}, site}};
}

}  // namespace switchboard::cel
