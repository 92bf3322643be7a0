#include "runtime/codec/frame_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <msgpack.hpp>

#include "runtime/codec/message_visitor.hpp"

namespace switchboard::codec {
namespace {

const msgpack::object& empty_params() {
  static const msgpack::object none = [] {
    msgpack::object o;
    o.type = msgpack::type::MAP;
    o.via.map = {0, nullptr};
    return o;
  }();
  return none;
}

std::string text_of(std::size_t number) {
  return std::to_string(number);
}

}  // namespace

/// One way through a message. The helper is the resumable half of msgpack-c's parser; its public
/// wrapper, `msgpack::parser`, would insist on owning the buffer and move it under our texts.
struct frame_decoder::pass {
  pass(const frame_limits& limits, msgpack::zone* zone) : visitor(limits, zone), parser(visitor) {
    parser.init();
  }

  detail::message_visitor visitor;
  msgpack::detail::parse_helper<detail::message_visitor> parser;
};

struct frame_decoder::builder {
  msgpack::zone zone{4096};
  pass whole{frame_limits{}, &zone};
};

namespace {
// A connection needs a builder only while it has messages at hand; thousands of idle ones hold
// none.
constexpr std::size_t builders_kept = 4;
thread_local std::vector<std::unique_ptr<frame_decoder::builder>> spare_builders;
}  // namespace

std::unique_ptr<frame_decoder::builder> frame_decoder::lease() {
  if (spare_builders.empty()) return std::make_unique<builder>();
  auto b = std::move(spare_builders.back());
  spare_builders.pop_back();
  return b;
}

void frame_decoder::give_back(std::unique_ptr<builder> b) {
  if (!b || spare_builders.size() >= builders_kept) return;
  b->zone.clear();
  spare_builders.push_back(std::move(b));
}

frame_decoder::frame_decoder(frame_limits limits) : limits_(limits) {}
frame_decoder::~frame_decoder() = default;

void frame_decoder::limit(frame_limits limits) {
  limits_ = limits;
}

std::span<char> frame_decoder::prepare(std::size_t bytes) {
  begin_ += std::exchange(given_, 0);
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - end_ < bytes) {
    auto held = end_ - begin_;
    if (capacity_ - held >= bytes) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, held);
    } else {
      auto capacity = std::max(held + bytes, capacity_ * 2);
      std::unique_ptr<char[]> larger(new char[capacity]);
      if (held > 0) std::memcpy(larger.get(), bytes_.get() + begin_, held);
      bytes_ = std::move(larger);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = held;
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void frame_decoder::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

void frame_decoder::shrink(std::size_t bytes) {
  begin_ += std::exchange(given_, 0);
  if (begin_ != end_ || capacity_ <= bytes) return;
  bytes_.reset();
  capacity_ = begin_ = end_ = 0;
}

tl::unexpected<bad_frame> frame_decoder::refuse(const pass& seen, std::size_t size,
                                                bool not_msgpack) {
  bad_frame bad;
  bad.msgid = seen.visitor.request_id();
  bad.why.code = errc::invalid_argument;
  if (not_msgpack) {
    bad.why.message = "not MessagePack: the byte 0xc1 is never used";
  } else if (seen.visitor.why().empty()) {
    bad.why.code = errc::resource_exhausted;
    bad.why.message = "message longer than " + text_of(limits_.message_bytes) + " bytes (" +
                      text_of(size) + " so far)";
  } else {
    bad.why.message = seen.visitor.why();
  }
  bad_ = std::move(bad);
  give_back(std::move(builder_));
  return tl::unexpected<bad_frame>(*bad_);
}

// True once the message's last byte is there. Costs each byte once, however it trickles in.
tl::expected<bool, bad_frame> frame_decoder::skim() {
  auto size = end_ - begin_;
  auto status =
      skim_->parser.execute(bytes_.get() + begin_, std::min(size, limits_.message_bytes), skimmed_);
  switch (status) {
    case msgpack::PARSE_SUCCESS:
      return true;
    case msgpack::PARSE_CONTINUE:
      if (size < limits_.message_bytes) return false;
      return refuse(*skim_, size, false);
    default:
      return refuse(*skim_, size, status == msgpack::PARSE_PARSE_ERROR);
  }
}

tl::expected<const frame*, bad_frame> frame_decoder::next() {
  if (bad_) return tl::unexpected<bad_frame>(*bad_);
  begin_ += std::exchange(given_, 0);
  if (begin_ == end_) {
    give_back(std::move(builder_));
    return nullptr;
  }
  if (skim_) {
    auto whole = skim();
    if (!whole) return tl::unexpected<bad_frame>(whole.error());
    if (!*whole) return nullptr;
    skim_.reset();
  }
  if (!builder_) builder_ = lease();
  auto& pass = builder_->whole;
  builder_->zone.clear();
  pass.visitor.limits(limits_);
  pass.parser.init();
  auto size = std::min(end_ - begin_, limits_.message_bytes);
  std::size_t used = 0;
  auto status = pass.parser.execute(bytes_.get() + begin_, size, used);
  if (status == msgpack::PARSE_SUCCESS) {
    given_ = used;
    pass.visitor.describe(frame_, empty_params());
    return &frame_;
  }
  if (status != msgpack::PARSE_CONTINUE || size == limits_.message_bytes) {
    return refuse(pass, end_ - begin_, status == msgpack::PARSE_PARSE_ERROR);
  }
  give_back(std::move(builder_));
  skim_ = std::make_unique<struct pass>(limits_, nullptr);
  skimmed_ = 0;
  auto whole = skim();
  if (!whole) return tl::unexpected<bad_frame>(whole.error());
  return nullptr;
}

namespace {

struct string_sink {
  std::string& out;
  void write(const char* bytes, std::size_t n) { out.append(bytes, n); }
};

void pack_method(msgpack::packer<string_sink>& pack, std::string_view method) {
  pack.pack_str(static_cast<std::uint32_t>(method.size()));
  pack.pack_str_body(method.data(), static_cast<std::uint32_t>(method.size()));
}

}  // namespace

void begin_request(std::string& out, std::uint32_t msgid, std::string_view method) {
  string_sink sink{out};
  msgpack::packer<string_sink> pack(sink);
  pack.pack_array(4).pack_uint8(0).pack_uint32(msgid);
  pack_method(pack, method);
  pack.pack_array(1);
}

void begin_notification(std::string& out, std::string_view method) {
  string_sink sink{out};
  msgpack::packer<string_sink> pack(sink);
  pack.pack_array(3).pack_uint8(2);
  pack_method(pack, method);
  pack.pack_array(1);
}

void begin_result(std::string& out, std::uint32_t msgid) {
  string_sink sink{out};
  msgpack::packer<string_sink> pack(sink);
  pack.pack_array(4).pack_uint8(1).pack_uint32(msgid).pack_nil();
}

void append_failure(std::string& out, std::uint32_t msgid, std::string_view packed_error) {
  string_sink sink{out};
  msgpack::packer<string_sink> pack(sink);
  pack.pack_array(4).pack_uint8(1).pack_uint32(msgid);
  out.append(packed_error);
  pack.pack_nil();
}

}  // namespace switchboard::codec
