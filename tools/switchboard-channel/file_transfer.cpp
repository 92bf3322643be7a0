#include "tools/switchboard-channel/file_transfer.hpp"

#include <algorithm>
#include <fstream>
#include <memory>

#include "tools/switchboard-channel/event_text.hpp"

namespace switchboard::channel_tool {
namespace {

constexpr std::size_t most_bytes = 1u << 30;

using notice_call = std::function<void(const std::string&)>;

/// One file on its way up; lives as long as an answer is awaited.
struct upload : std::enable_shared_from_this<upload> {
  chat_line& line;
  std::string session, path, name, type, content, attachment;
  std::size_t step = 0;
  notice_call notice;

  upload(chat_line& l, std::string s, std::string p, notice_call n)
      : line(l), session(std::move(s)), path(std::move(p)), notice(std::move(n)) {}

  void start() {
    json params{{"session_id", session},
                {"name", name},
                {"type", type},
                {"size", content.size()},
                {"op_id", line.fresh_key()}};
    line.call("attachment.begin", params, [me = shared_from_this()](const json& begun) {
      me->attachment = text_at(begun, "attachment_id");
      me->step = number_at(begun, "chunk_bytes");
      me->next(number_at(begun, "offset"));
    });
  }

  void next(std::size_t offset) {
    if (offset >= content.size() || step == 0) return finish();
    auto end = std::min(content.size(), offset + step);
    auto from = content.begin() + static_cast<std::ptrdiff_t>(offset),
         to = content.begin() + static_cast<std::ptrdiff_t>(end);
    json params{{"attachment_id", attachment},
                {"offset", offset},
                {"data", json::binary(json::binary_t::container_type(from, to))}};
    line.call("attachment.chunk", params, [me = shared_from_this()](const json& there) {
      me->next(number_at(there, "offset"));
    });
  }

  void finish() {
    line.call("attachment.finish", {{"attachment_id", attachment}},
              [me = shared_from_this()](const json& info) {
                me->notice("brought " + me->name + " (" + text_at(info, "kind") + "), sending it");
                me->line.send(me->session, me->type, {{"attachment_id", me->attachment}});
              });
  }
};

struct download : std::enable_shared_from_this<download> {
  chat_line& line;
  std::string attachment, path;
  std::ofstream out;
  std::size_t offset = 0;
  notice_call notice;

  download(chat_line& l, std::string a, std::string p, notice_call n)
      : line(l),
        attachment(std::move(a)),
        path(std::move(p)),
        out(path, std::ios::binary),
        notice(std::move(n)) {}

  void next() {
    line.call("attachment.read", {{"attachment_id", attachment}, {"offset", offset}},
              [me = shared_from_this()](const json& piece) {
                auto data = piece.find("data");
                if (data == piece.end() || !data->is_binary()) return me->notice("no data came");
                auto& bytes = data->get_binary();
                me->out.write(reinterpret_cast<const char*>(bytes.data()),
                              static_cast<std::streamsize>(bytes.size()));
                me->offset += bytes.size();
                if (piece.value("more", false)) return me->next();
                me->out.close();
                me->notice(me->out
                               ? "saved " + me->path + ", " + std::to_string(me->offset) + " bytes"
                               : "cannot write " + me->path);
              });
  }
};

}  // namespace

std::string message_type_of_name(const std::string& name) {
  auto dot = name.find_last_of('.');
  auto end = dot == std::string::npos ? std::string() : name.substr(dot + 1);
  std::ranges::transform(end, end.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  auto is_one_of = [&](std::initializer_list<const char*> all) {
    return std::ranges::any_of(all, [&](auto* e) { return end == e; });
  };
  if (is_one_of({"png", "jpg", "jpeg", "gif", "webp", "bmp"})) return "image";
  if (is_one_of({"amr", "mp3", "wav", "ogg", "m4a"})) return "voice";
  if (is_one_of({"mp4", "mov", "webm"})) return "video";
  return "file";
}

void send_file(chat_line& line, const std::string& session, const std::string& path,
               const notice_call& notice) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return notice("cannot read " + path);
  auto size = static_cast<std::size_t>(in.tellg());
  if (size == 0 || size > most_bytes) return notice(path + " is empty or too large");
  auto one = std::make_shared<upload>(line, session, path, notice);
  one->content.resize(size);
  in.seekg(0);
  if (!in.read(one->content.data(), static_cast<std::streamsize>(size)))
    return notice("cannot read " + path);
  one->name = path.substr(path.find_last_of('/') + 1);
  one->type = message_type_of_name(one->name);
  one->start();
}

void save_file(chat_line& line, const std::string& attachment, const std::string& path,
               const notice_call& notice) {
  auto one = std::make_shared<download>(line, attachment, path, notice);
  if (!one->out) return notice("cannot write " + path);
  one->next();
}

}  // namespace switchboard::channel_tool
