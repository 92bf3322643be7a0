#include "actors/configuration/config_version.hpp"

#include <algorithm>

namespace switchboard {
namespace {

struct applier {
  configuration_record& r;

  void operator()(const config_version& x) const {
    // Before texts were counted every version had one.
    if (r.texts == 0) r.texts = static_cast<std::uint64_t>(r.latest);
    if (x.same_text_as == 0) ++r.texts;
    r.latest = x.version;
    r.file_hash = x.file_hash;
  }
  void operator()(const config::stored_account&) const {}
  void operator()(const file_settled& x) const { r.file_hash = x.hash; }
  void operator()(const group_switch& x) const {
    std::erase_if(r.closed, [&](auto& s) { return s.group == x.group; });
    if (x.closed) r.closed.push_back(x);
  }
};

template <std::size_t I = 0>
bool unpack_kind(std::size_t index, const msgpack::object& o, configuration_event& out) {
  if constexpr (I < std::variant_size_v<configuration_event>) {
    if (I != index) return unpack_kind<I + 1>(index, o, out);
    codec::unpack_value(o, out.emplace<I>());
    return true;
  } else {
    return false;
  }
}

}  // namespace

void fold_into(configuration_record& r, const configuration_event& e) {
  ++r.seq;
  std::visit(applier{r}, e);
}

void carry_text(config_version& next, const std::optional<config_version>& before) {
  if (next.same_text_as == 0 || !next.text.empty() || !before) return;
  next.text = before->text;
}

std::string encode(const configuration_event& e) {
  codec::packer p;
  p.array(2).uinteger(e.index() + 1);
  std::visit([&](auto& x) { codec::pack_value(p, x, codec::audience::store); }, e);
  return p.take();
}

bool for_each_event(std::string_view events,
                    const std::function<void(configuration_event&&)>& visit) {
  std::size_t offset = 0;
  try {
    while (offset < events.size()) {
      auto handle = msgpack::unpack(events.data(), events.size(), offset);
      auto& a = handle.get().via.array;
      if (handle.get().type != msgpack::type::ARRAY || a.size < 2) return false;
      configuration_event e;
      if (unpack_kind(a.ptr[0].as<std::size_t>() - 1, a.ptr[1], e)) visit(std::move(e));
    }
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

}  // namespace switchboard
